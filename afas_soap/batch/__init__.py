"""Batches: many records, a call each, with a journal that survives a kill."""
