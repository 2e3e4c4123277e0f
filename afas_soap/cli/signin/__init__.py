"""Commands about credentials: auth, profile, and the way from the classic token."""
