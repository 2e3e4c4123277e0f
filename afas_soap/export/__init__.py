"""Records to a file, and a saved answer back to records."""
