"""Commands that read rows: get, convert, compare."""
