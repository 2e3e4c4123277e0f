"""Parsers and serializers of answers: rows, envelopes, faults and error bodies, streaming."""
