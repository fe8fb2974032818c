"""lazify: import-time work becomes lazy, across all modules, as one reviewable and reversible diff."""

__version__ = "0.1.0"
