"""Commands about the dossier: its attachments as files."""
