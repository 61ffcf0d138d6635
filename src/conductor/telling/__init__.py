"""Events → a story for people, one JSON object for machines."""
