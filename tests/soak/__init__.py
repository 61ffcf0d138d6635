"""A long run of the real agent against real servers, with a fault every now and then, and an account at the end."""
