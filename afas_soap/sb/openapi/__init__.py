"""An OpenAPI file of SB read into the table of its operations."""
