"""What importing an entry point runs: a static walk through its imports, in their order."""
