"""Content that needs no model: templates, and what of a session's profile may fill them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from conductor.act.wording import normalised, words
from conductor.domain.interventions import Segment
from conductor.domain.sessions import Phase, SessionProfile, SessionType
from conductor.domain.strategies import ContentStyle

TOPIC_MAX = 40
"""Characters. A topic of this length leaves every question that names it within 140 (a test tries all)."""

TOPIC_WORDS_MAX = 6
"""A topic of more words is a sentence, which reads badly inside another."""

TITLE_MAX = 60
"""Characters; longer titles make the question hard to take in at a glance."""

TOPICS_AS_OPTIONS = 3
"""At most as many topics are offered, so that the fourth option can be "Something else"."""

_VARIANT = "~"
_SLOT = re.compile(r"(?<!\{)\{(topic|title|n)\}(?!\})")
_SENTENCE_ENDS = tuple(".?!:;,…")
_MARKS = frozenset('{}[]<>“”„"|\\\n\r\t')

_NOT_A_TOPIC = frozenset(
    (
        "a",
        "agenda",
        "break",
        "closing",
        "demo",
        "discussion",
        "event",
        "general",
        "intro",
        "introduction",
        "keynote",
        "lunch",
        "meeting",
        "misc",
        "miscellaneous",
        "n",
        "none",
        "opening",
        "other",
        "others",
        "outro",
        "panel",
        "q",
        "qa",
        "session",
        "talk",
        "tba",
        "tbd",
        "test",
        "topic",
        "topics",
        "unknown",
        "various",
        "webinar",
        "welcome",
        "workshop",
    )
)
"""Tags that say where something stands in a programme, not what it is about."""


class TemplateKind(StrEnum):
    """What a template makes; each kind is one file of the catalogue, and each tone but the usual one."""

    POLL = "poll"
    PROMPT = "prompt"
    NUDGE = "nudge"
    REQUEST = "request"
    SEED = "seed"


@dataclass(frozen=True, slots=True)
class Template:
    """One piece of content with slots.

    Attributes:
        template_id: Stays the same for ever, since what was used is remembered by it.
        text: Question or message without any slot of the profile.
        with_topic: The same with `{topic}`, or empty.
        with_title: The same with `{title}`, or empty.
        options: Options of a poll; with `topics_as_options` those that follow the topics.
        segment: Whom a nudge is for; None for everybody.
    """

    template_id: str
    phases: tuple[Phase, ...]
    session_types: tuple[SessionType, ...]
    text: str
    with_topic: str = ""
    with_title: str = ""
    options: tuple[str, ...] = ()
    topics_as_options: bool = False
    call_to_action: str = ""
    segment: Segment | None = None

    def suits(self, phase: Phase, session_type: SessionType) -> bool:
        """Whether it fits this moment of this kind of session."""
        return phase in self.phases and session_type in self.session_types


@dataclass(frozen=True, slots=True)
class Subject:
    """What of a session's profile reads well inside a sentence; both may be empty."""

    topics: tuple[str, ...]
    title: str

    @classmethod
    def of(cls, profile: SessionProfile) -> Subject:
        """The subject of this session."""
        return cls(usable_topics(profile), usable_title(profile))


@dataclass(frozen=True, slots=True)
class Filled:
    """A template whose slots are filled.

    Attributes:
        template_id: The template's id, followed by what filled its slot, if anything did
            (`poll.middle.pace~event-sourcing`).
    """

    template_id: str
    text: str
    options: tuple[str, ...]
    call_to_action: str
    segment: Segment | None


@dataclass(frozen=True, slots=True)
class Filling:
    """A template and what may fill its slots: most are never looked at, so that filling them waits.

    Attributes:
        template_id: As of `Filled`.
        slots: What stands in each slot of the text.
    """

    template: Template
    template_id: str
    text: str
    options: tuple[str, ...]
    slots: Mapping[str, str]

    def filled(self) -> Filled:
        """The template with its slots filled."""
        return _filled(self.template, self.template_id, self.text, self.options, **self.slots)


@cache
def templates(kind: TemplateKind, style: ContentStyle = ContentStyle.FRIENDLY) -> tuple[Template, ...]:
    """All templates of a kind and tone, in the order of the catalogue; the usual tone has a file for each kind."""
    is_usual = style is ContentStyle.FRIENDLY
    entries = _catalogue(f"{kind}s")["template"] if is_usual else _catalogue(style)[kind]
    return tuple(_template(entry) for entry in entries)


@cache
def general(kind: TemplateKind) -> Template:
    """The template of last resort, whose `{n}` makes it a new one every time."""
    return _template(_catalogue(f"{kind}s")["general"])


@cache
def vocabulary() -> frozenset[str]:
    """Every word that the catalogue itself uses, normalised."""
    found: set[str] = set()
    for kind in TemplateKind:
        toned = (template for style in ContentStyle for template in templates(kind, style))
        for template in (*toned, general(kind)):
            texts = (template.text, template.with_topic, template.with_title, template.call_to_action)
            for text in (*texts, *template.options):
                found.update(words(text))
    return frozenset(found)


def base_id(template_id: str) -> str:
    """The id of the template itself, whatever its slot was filled with."""
    return template_id.split(_VARIANT, maxsplit=1)[0]


def plain(template: Template) -> Filled | None:
    """The template without topic or title; None if it cannot do without."""
    if template.topics_as_options:
        return None
    return _filled(template, template.template_id, template.text, template.options)


def specific(template: Template, subject: Subject) -> tuple[Filling, ...]:
    """All ways in which the session's topics and title fill the template; empty if none does."""
    if template.topics_as_options:
        options = (*subject.topics[:TOPICS_AS_OPTIONS], *template.options)
        return (Filling(template, template.template_id, template.text, options, {}),) if len(options) > 2 else ()
    slots = [("topic", topic, template.with_topic) for topic in subject.topics if template.with_topic]
    if subject.title and template.with_title:
        slots.append(("title", subject.title, template.with_title))
    return tuple(
        Filling(template, _variant_id(template, value), text, template.options, {slot: value})
        for slot, value, text in slots
    )


def _variant_id(template: Template, value: str) -> str:
    return f"{template.template_id}{_VARIANT}{_slug(value)}"


@lru_cache(maxsize=1024)
def _slug(value: str) -> str:
    """What filled a slot, as a part of an id; every template of a kind asks for the same few."""
    return "-".join(words(value))


def numbered(template: Template, n: int) -> Filled:
    """The general template with its number."""
    return _filled(template, f"{template.template_id}.{n}", template.text, template.options, n=str(n))


def usable_topics(profile: SessionProfile) -> tuple[str, ...]:
    """The topics that read well inside a sentence, in the profile's order, each once."""
    by_wording: dict[str, str] = {}
    for raw in profile.topics:
        topic = " ".join(raw.replace("_", " ").lstrip("# ").split())
        wording = normalised(topic)
        if _reads_well(topic, TOPIC_MAX) and not _NOT_A_TOPIC.issuperset(wording.split()):
            by_wording.setdefault(wording, topic)
    return tuple(by_wording.values())


def usable_title(profile: SessionProfile) -> str:
    """The title, if it reads well inside quotation marks; else an empty string."""
    title = " ".join(profile.title.split())
    named = not _NOT_A_TOPIC.issuperset(words(title))
    return title if named and _reads_well(title, TITLE_MAX, sentence=True) else ""


def _reads_well(text: str, longest: int, *, sentence: bool = False) -> bool:
    """Short enough, with a letter in it, without marks that would break the sentence around it."""
    if len(text) > longest or not any(c.isalpha() for c in text) or _MARKS.intersection(text):
        return False
    return sentence or (len(text.split()) <= TOPIC_WORDS_MAX and not text.endswith(_SENTENCE_ENDS))


def _filled(template: Template, template_id: str, text: str, options: tuple[str, ...], **slots: str) -> Filled:
    return Filled(
        template_id=template_id,
        text=_SLOT.sub(lambda slot: slots[slot[1]], text),
        options=options,
        call_to_action=template.call_to_action,
        segment=template.segment,
    )


def _template(entry: Mapping[str, Any]) -> Template:
    return Template(
        template_id=entry["id"],
        phases=tuple(Phase(phase) for phase in entry.get("phases", Phase)),
        session_types=tuple(SessionType(name) for name in entry.get("types", SessionType)),
        text=entry["text"],
        with_topic=entry.get("with_topic", ""),
        with_title=entry.get("with_title", ""),
        options=tuple(entry.get("options", ())),
        topics_as_options=entry.get("topics_as_options", False),
        call_to_action=entry.get("call_to_action", ""),
        segment=Segment(entry["segment"]) if "segment" in entry else None,
    )


def _catalogue(name: str) -> dict[str, Any]:
    source = files("conductor.act").joinpath("catalogue", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
