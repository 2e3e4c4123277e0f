"""Business rules by hand, for the connectors whose schema does not tell them."""
