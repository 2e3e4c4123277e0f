"""Documents: attachments, reports, pictures and files as values, and how their content is spelt in XML and JSON."""
