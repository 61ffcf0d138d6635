"""A seeded audience that reacts to what the agent does."""
