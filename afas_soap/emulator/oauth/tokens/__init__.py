"""The token endpoint: grants, access and refresh tokens, DPoP proofs and nonces."""
