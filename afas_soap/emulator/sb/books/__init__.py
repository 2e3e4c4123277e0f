"""What a write to AFAS SB books, and what shows it."""
