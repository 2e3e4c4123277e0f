"""An update as values, its codecs in XML and JSON, and the receipt that comes back."""
