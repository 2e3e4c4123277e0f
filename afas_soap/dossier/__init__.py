"""The dossier as files: attachments in folders, a CSV of what they belong to, and a manifest that survives a kill."""
