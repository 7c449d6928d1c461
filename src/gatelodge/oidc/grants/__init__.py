"""What the token endpoint does for each grant type (RFC 6749 §4, §6)."""
