"""The benchmark: ``python -m bench``. Measured here, never asserted in a timed test."""
