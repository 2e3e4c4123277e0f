"""Remote imports at Profit's end: command lines read, jobs that take a while, and their logs, each given once."""
