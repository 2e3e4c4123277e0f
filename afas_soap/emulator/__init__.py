"""First floor, the far end of the cable: a small Profit that speaks SOAP and REST."""
