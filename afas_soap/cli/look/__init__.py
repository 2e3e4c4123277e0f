"""Commands that look around: connectors, describe, schema, settings, doctor."""
