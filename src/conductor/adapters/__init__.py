"""One technology per file, behind the ports."""
