"""Commands about remote imports: run, definition, log, list."""
