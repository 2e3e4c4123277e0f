"""What an UpdateConnector takes, and the validation of an update against it."""
