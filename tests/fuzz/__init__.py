"""Generated programs: lazify must not change what any of them does."""
