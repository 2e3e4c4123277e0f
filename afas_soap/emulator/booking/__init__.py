"""UpdateConnectors of the emulator: what they take, where records are kept, and how Profit says no."""
