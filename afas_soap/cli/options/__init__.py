"""Options that commands declare: all that help needs, and nothing of what the commands do."""
