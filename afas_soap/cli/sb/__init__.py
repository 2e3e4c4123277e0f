"""Commands about AFAS SB."""
