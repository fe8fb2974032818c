"""What each command does: one call for each step of the run, then its view, then its exit code."""
