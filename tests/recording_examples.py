"""Recordings in which something happens, written anew for each test."""

import json

COUNT = 60
PRESENCE = "session:x:presence"


def panel_that_falls(path, *, falls_at=600.0, until=760.0, title="A panel"):
    """A panel of 60 people with 150 messages a minute, until nobody writes any more."""
    profile = {"title": title, "type": "panel", "topics": ["databases"]}
    told = [(0.0, "session:started", profile)]
    told += [(i * 0.5, PRESENCE, {"type": "join", "userId": f"u{i}"}) for i in range(COUNT)]
    told += [
        (round(n * 0.4, 1), "chat:message:new", {"userId": f"u{n * 7 % COUNT}", "messageId": f"m{n}"})
        for n in range(int(falls_at / 0.4))
    ]
    told += [(n * 10.0, PRESENCE, {"type": "heartbeat", "userId": f"u{n % COUNT}"}) for n in range(int(until / 10) + 1)]
    told.sort(key=lambda line: line[0])
    lines = [json.dumps({"t": t, "channel": channel, "data": data}) for t, channel, data in told]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
