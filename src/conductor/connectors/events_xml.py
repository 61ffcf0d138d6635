"""The events of a BigBlueButton `events.xml`, one after the other, also of a file that is broken in places."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from conductor.connectors.reading import Losses
from conductor.errors import InvalidInput

MAX_BREAKS = 100
"""Places at which a broken file is taken up again; with more, the rest is given up."""

MAX_FIELD_CHARS = 100_000
"""A field is not read much further than this; chat messages have a few thousand characters at most."""

_ROOT = b"<recording>"


class ForbiddenXml(InvalidInput):
    """The file declares a document type. Entities could blow it up without end, and a recording has none."""

    def __init__(self, line: int) -> None:
        super().__init__("declares a document type (DTD), which a recording never does", code="forbidden_xml")
        self.line = line


@dataclass(frozen=True, slots=True)
class XmlEvent:
    """One event: the attributes of its tag and the texts of its fields. `at_ms` is on the server's clock."""

    line: int
    module: str
    name: str
    at_ms: int | None
    fields: dict[str, str] = field(default_factory=dict)


class _Collector:
    """Takes what the parser meets and keeps whole events; no tree is built."""

    def __init__(self) -> None:
        self.events: list[XmlEvent] = []
        self.title = ""
        self._event: XmlEvent | None = None
        self._path: list[str] = []

    def feed(self, data: bytes, line: int) -> expat.ExpatError | None:
        """Parse until the end or the first error, which is returned."""
        # The text was decoded already, so whatever encoding the file declares no longer holds.
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._first_line = line
        self._event, self._path = None, []
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            return error
        return None

    @property
    def error_index(self) -> int:
        """Where in the bytes the parser stopped."""
        return self._parser.ErrorByteIndex

    @property
    def line(self) -> int:
        """The line of the file that the parser is at."""
        return self._first_line + self._parser.CurrentLineNumber - 1

    def _doctype(self, *_: object) -> None:
        raise ForbiddenXml(self.line)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._event is not None:
            self._path.append(tag)
            self._event.fields.setdefault(self._path[0], "")
        elif tag == "event":
            stamp = attributes.get("timestamp", "")
            at_ms = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 16 else None
            module, name = attributes.get("module", ""), attributes.get("eventname", "")
            self._event = XmlEvent(self.line, module, name, at_ms)
        elif tag == "meeting":
            self.title = attributes.get("name", "")

    def _end(self, _: str) -> None:
        if self._event is not None and self._path:
            self._path.pop()
        elif self._event is not None:
            self.events.append(self._event)
            self._event = None

    def _text(self, text: str) -> None:
        if self._event is None or not self._path:
            return
        name = self._path[0]
        if len(self._event.fields[name]) < MAX_FIELD_CHARS:
            self._event.fields[name] += text


def read_xml_events(text: str, losses: Losses) -> tuple[list[XmlEvent], str]:
    """All whole events and the meeting's name. After a broken place it goes on with the next event.

    Raises:
        ForbiddenXml: The file declares a document type.
    """
    data = text.encode("utf-8", errors="replace")
    collector = _Collector()
    line, begin, added = 1, 0, 0
    error = collector.feed(data, line)
    breaks = 0
    while error is not None:
        losses.add(collector.line, _reason(error))
        breaks += 1
        next_event = data.find(b"<event ", begin + max(collector.error_index - added, 0) + 1)
        if next_event < 0:
            break
        if breaks == MAX_BREAKS:
            losses.add(collector.line, f"broken in {MAX_BREAKS} places; the rest was given up")
            break
        line += data.count(b"\n", begin, next_event)
        begin, added = next_event, len(_ROOT)
        error = collector.feed(_ROOT + data[begin:], line)
    return collector.events, collector.title


def _reason(error: expat.ExpatError) -> str:
    what = expat.ErrorString(error.code)
    if what in {"no element found", "unclosed token", "unclosed CDATA section"}:
        return "the file is cut off here"
    return f"not well-formed XML ({what}); the event there is lost"
