"""Invented Dutch data in AFAS' own columns."""
