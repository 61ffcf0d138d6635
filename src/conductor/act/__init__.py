"""Decision → content → delivery."""
