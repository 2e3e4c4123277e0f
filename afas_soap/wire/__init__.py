"""First floor, our end of the cable: how a question travels."""
