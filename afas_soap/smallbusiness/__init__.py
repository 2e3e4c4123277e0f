"""AFAS SB as a program uses it: pages, changes, writes that happen once, files. Above the calls, below the client."""
