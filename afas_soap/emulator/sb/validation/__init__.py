"""Schema validation of a body at the server."""
