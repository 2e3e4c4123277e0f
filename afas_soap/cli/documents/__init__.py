"""Commands about documents: attachments of the dossier, reports, pictures and files."""
