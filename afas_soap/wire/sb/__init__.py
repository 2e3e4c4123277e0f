"""Calls to AFAS SB: its addresses, its headers, and what its answers mean."""
