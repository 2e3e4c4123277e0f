"""Commands that serve the emulator, or show it."""
