"""Ground floor: what AFAS SB (the small-business API) has and means. No I/O here."""
