"""The connectors of Profit over SOAP and REST, and what its answers mean."""
