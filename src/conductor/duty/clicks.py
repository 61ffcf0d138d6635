"""What organisers do, as it comes over the bus: answers, requests, settings, and that they are looking."""

from __future__ import annotations

from dataclasses import dataclass

from conductor.domain.bus import Message
from conductor.domain.organisers import AgentSettings, Answer
from conductor.wire.desk import (
    answers_channel,
    organisers_channel,
    read_answer,
    read_organisers,
    read_settings,
    requests_channel,
    settings_channel,
)


@dataclass(frozen=True, slots=True)
class Looking:
    """So many organisers look at a session now."""

    session_id: str
    organisers: int


@dataclass(frozen=True, slots=True)
class RequestsWaiting:
    """Somebody left a request on the desk."""


Click = Answer | AgentSettings | Looking | RequestsWaiting


CLICK_CHANNELS = (answers_channel("*"), requests_channel("*"), settings_channel("*"), organisers_channel("*"))


def read_click(message: Message) -> Click:
    """What this message of one of `CLICK_CHANNELS` says.

    Raises:
        InvalidInput: It does not fit; the message names the field.
    """
    name = message.channel.rpartition(":")[2]
    if name == "answers":
        return read_answer(message.body)
    if name == "settings":
        return read_settings(message.body)
    if name == "organisers":
        return Looking(*read_organisers(message.body))
    return RequestsWaiting()
