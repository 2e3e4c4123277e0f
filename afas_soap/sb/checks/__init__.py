"""The check of a body before a write: its schema, its rules, its spelling, and what judges them."""
