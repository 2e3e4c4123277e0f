"""Who asks SB and where: environments, credentials, and the scopes of an Admin Center."""
