"""Test data of AFAS SB, deterministic: what a customer environment has before anybody writes."""
