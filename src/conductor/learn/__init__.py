"""Outcome → reward → what is known. Pure."""
