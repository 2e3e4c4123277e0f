"""The authorization endpoint: a login page, and the redirect with a code."""
