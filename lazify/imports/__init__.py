"""The engine of LZ201 to LZ204: which imports are heavy, who needs them when, and where they go."""
