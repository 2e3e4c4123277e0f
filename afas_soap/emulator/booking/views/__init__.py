"""GetConnectors that show booked records: their definitions, and how they are refreshed."""
