"""Views of one plan: text for people, lines for editors, JSON for programs, a diff for `git apply`."""
