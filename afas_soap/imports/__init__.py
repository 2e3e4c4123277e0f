"""Remote imports: sent once, followed until their log is there, with a journal that survives a kill."""
