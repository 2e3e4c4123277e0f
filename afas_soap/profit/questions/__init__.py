"""A question to a GetConnector as values, and its spellings over SOAP and REST."""
