"""First floor, beside the wire: who is signed in, and for how long. Loaded only where OAuth is used."""
