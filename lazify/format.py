"""Lays out what lazify wrote as the project lays out its code: the only importer of Black."""
