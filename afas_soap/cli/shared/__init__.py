"""What commands share: options, output, exit codes, the terminal."""
