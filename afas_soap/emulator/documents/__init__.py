"""Documents of the emulator: attachments of the dossier, reports, pictures and files, with content of their own."""
