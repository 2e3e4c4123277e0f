"""How a client signs in, and to which environment, as values: credentials that do not show."""
