"""Opening an environment of AFAS SB: its transport and what signs its requests, out of settings."""
