"""Names, scopes, imports, calls and effects of a whole project, from `ast` alone."""
