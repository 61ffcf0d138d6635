"""The words of the field: what attendees do, what a room is like, what the agent does about it.

Standard library only. Every moment (`at`, `now`) is a float in epoch seconds, every score and
probability lies in [0, 1].
"""
