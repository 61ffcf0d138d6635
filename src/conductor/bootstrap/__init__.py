"""Puts the parts together. Nothing else does, and only the command line asks for it."""
