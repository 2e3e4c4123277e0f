"""Registered OAuth clients, their keys, and how they authenticate."""
