"""The emulated hosts over HTTP: SOAP and REST as a WSGI app, on a port, with TLS and faults."""
