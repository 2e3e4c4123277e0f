"""The version, once: of the package, of the command line, and in the header of each request."""

__version__ = "0.7.0"
