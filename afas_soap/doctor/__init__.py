"""A profile checked from outside, step by step: each finding with its remedy. It writes nothing and reads no rows."""
