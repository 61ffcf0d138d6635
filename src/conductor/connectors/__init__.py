"""Other people's platforms and recordings → signals."""
