"""UpdateConnectors out of AFAS' OpenAPI files, and their schema as Profit shows it."""
