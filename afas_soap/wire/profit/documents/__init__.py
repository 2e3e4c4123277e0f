"""Documents over SOAP and REST: one interface, and the same bytes where both protocols have them."""
