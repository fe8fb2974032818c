"""lazify's own codemods, written against its public names only and loaded as anybody's would be."""
