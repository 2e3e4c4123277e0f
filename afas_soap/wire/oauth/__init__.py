"""OAuth 2.0 as a client: grants, client assertions, PKCE, DPoP, and what a refusal says."""
