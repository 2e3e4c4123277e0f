"""Validation before a write, and the cache of schemas that it needs."""
