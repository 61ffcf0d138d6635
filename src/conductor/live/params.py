"""How long things last in a room, how much of them it holds, and how much anybody may say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LiveParams:
    """Times and bounds of a room; stated guesses unless a source is given.

    Attributes:
        grace_s: So long after the last connection of a person closed they have left; a reload takes less.
        beat_s: So often the stream hears that a person is still there. A worker rebuilds its rooms from the last
            five minutes, so it has to be several times in these.
        silent_s: Somebody of whom beats came, and has no connection here, has left after so long without one.
        source_beat_s: So often the room says that it is alive; at `FeedParams.overdue` times this the agent takes
            silence for a fault, so it has to be well under a tick.
        again_s: So often a room notes again in its stream what still is so; a stream of 10,000 entries, of which a room
            makes four a second at most, reaches back 40 minutes.
        tick_s: So often counts of reactions, people, votes and questions are sent, if they changed.
        same_reaction_s: Between two of the same emoji of one person at least so long passes.
        reactions_per_s: Reactions of one person in any second.
        poll_s: So long a poll of the agent's is open if nobody says otherwise.
        empty_s: A room in which nobody is and nothing happens for so long is freed.
        ended_s: So long after its end a room is freed.
        chat_kept: Messages that a room remembers, …
        chat_shown: … and of those, how many somebody who joins gets.
        questions_kept: Questions that a room remembers, answered ones included.
        polls_kept: Polls that a room remembers.
        actions_kept: Actions of the agent's that a room recognises if they come again.
        connections_most: Connections of one person at once, over all rooms; nobody has so many tabs open.
        people_most: People that a room holds.
        rooms_most: Rooms that are open at once.
    """

    grace_s: float = 10.0
    beat_s: float = 60.0
    silent_s: float = 150.0
    source_beat_s: float = 2.0
    again_s: float = 900.0
    tick_s: float = 1.0
    same_reaction_s: float = 0.5
    reactions_per_s: int = 5
    poll_s: float = 60.0
    empty_s: float = 1800.0
    ended_s: float = 300.0
    chat_kept: int = 200
    chat_shown: int = 50
    questions_kept: int = 500
    polls_kept: int = 50
    actions_kept: int = 500
    connections_most: int = 10
    people_most: int = 10_000
    rooms_most: int = 10_000
