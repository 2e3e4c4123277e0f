"""What one may ask of Profit: the capability protocols, and the catalogue of connectors."""
