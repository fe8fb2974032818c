"""Entries imported in fresh processes of the project's interpreter, and what was seen: finding the entry, running the
probe, reading its journal."""
