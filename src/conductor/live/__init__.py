"""Rooms for people: what attendees, speakers and organisers of a live session do and see."""
