"""GetConnectors on SQLite: questions to SQL, and a folder of one's own files."""
