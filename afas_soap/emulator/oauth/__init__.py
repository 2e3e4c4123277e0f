"""The authorization server of the emulator, and its part in every connector call (authentication.md)."""
