"""An HTTP client for any service: session, time-outs, TLS, backoff, resumption."""
