"""A room with people in it, and what came of something, in short."""

from conductor.live.room import Room

NOW = 1_700_000_000.0


def room_with(*people, params=None):
    """A room in which these people are, each on one connection (`ana-1`), under a name with a capital."""
    room = Room("s", "e", NOW, params)
    for user_id in people:
        room.join(user_id, user_id.capitalize(), f"{user_id}-1", NOW)
    return room


def kinds(effects):
    """The kinds of the signals."""
    return [signal.kind for signal in effects.signals]


def frames(effects, name):
    """The payloads of frames of this name."""
    return [frame.payload for frame in effects.frames if frame.name == name]
