"""Settings of AFAS SB, and which of AFAS' programs settings are about."""
