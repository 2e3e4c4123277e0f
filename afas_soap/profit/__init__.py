"""Ground floor: what Profit says and how it is spelt. No network, no files, no clock, no environment variables."""
