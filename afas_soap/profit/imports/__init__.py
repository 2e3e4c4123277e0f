"""Remote import: the command line, the archive that is sent, and the archive with the log that comes back."""
