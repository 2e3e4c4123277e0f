"""The far end as AFAS SB: customer environments, their rows and their books, beside Profit on the same port."""
