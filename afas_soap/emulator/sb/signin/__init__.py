"""Signing in to the emulated SB: the login page, tokens, app tokens and the scopes of the Admin Center."""
