#!/usr/bin/env python3
"""Make a timeline of a recorded session: who did what kind of thing when, and not a word of what was said.

    python recordings/make_timelines.py SOURCE TARGET.jsonl --title "Panel call" --type panel

The source is anything that `conductor replay` reads. Names become pseudonyms in order of appearance, polls
are numbered, and texts, emoji, titles, questions and ids of messages are left out. What stays of a message is
whether it is a question, and of a stretch of speech how long it was and how many words it had.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from conductor.connectors.recordings import Recording, read_recording
from conductor.domain.sessions import SessionProfile, SessionType
from conductor.domain.signals import ChatDetail, Detail, PollDetail, QuestionDetail, Signal, StartDetail
from conductor.errors import UnreadableRecording
from conductor.wire import signal_line


class Pseudonyms:
    """Gives out numbers in the order of appearance: `p01`, `p02`, … for people, `poll01`, … for polls."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, str]] = {}

    def of(self, prefix: str, name: str) -> str:
        """The pseudonym of this name among those with the prefix, always the same."""
        names = self._given.setdefault(prefix, {})
        return names.setdefault(name, f"{prefix}{len(names) + 1:02}")


def timeline(recording: Recording, profile: SessionProfile, session_id: str) -> Iterator[Signal]:
    """The signals without anything that somebody said, wrote or is called."""
    pseudonyms = Pseudonyms()
    for signal in recording.signals:
        user_id = None if signal.user_id is None else pseudonyms.of("p", signal.user_id)
        detail = bare(signal.detail, profile, pseudonyms)
        yield signal._replace(session_id=session_id, user_id=user_id, detail=detail)


def bare(detail: Detail | None, profile: SessionProfile, pseudonyms: Pseudonyms) -> Detail | None:
    """What may stay of a detail. Answers to a typed poll are text, so options are numbered as well."""
    match detail:
        case StartDetail():
            return StartDetail(profile)
        case ChatDetail(is_question=True):
            return ChatDetail(is_question=True)
        case PollDetail(poll_id=poll_id, option_id=option_id):
            poll = pseudonyms.of("poll", poll_id)
            option = None if option_id is None else pseudonyms.of(f"{poll}-option", option_id)
            return PollDetail(poll, option_id=option)
        case QuestionDetail(question_id=question_id):
            return QuestionDetail(pseudonyms.of("question", question_id))
    return None


def main() -> int:
    """Read the source, write the target; 2 if the source cannot be read."""
    parser = argparse.ArgumentParser(description="Make a timeline of a recorded session.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--title", required=True)
    parser.add_argument("--type", type=SessionType, default=SessionType.MEETING)
    asked = parser.parse_args()
    try:
        recording = read_recording(asked.source)
    except UnreadableRecording as error:
        sys.stderr.write(f"{error}\n")
        return 2
    profile = SessionProfile(title=asked.title, type=asked.type)
    lines = [signal_line(signal) for signal in timeline(recording, profile, asked.target.stem)]
    asked.target.write_bytes(b"".join(lines))
    sys.stdout.write(f"{asked.target}: {len(lines)} signals in {recording.duration_s:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
