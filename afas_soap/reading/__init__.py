"""Pagination: what a program wants to read, in pages that lose no row."""
