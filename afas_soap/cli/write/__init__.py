"""Commands that write records, and what goes before: check, payload."""
