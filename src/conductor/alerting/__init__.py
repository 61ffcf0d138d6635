"""What operators are told at once: what it is, when it is told, and the summary of the day."""
