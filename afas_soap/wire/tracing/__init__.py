"""What is told of calls, with redaction: a log line each, and a trace file."""
