"""Blobs of the emulated SB: uploads in one or more pieces, and downloads by a key that expires."""
