"""What in a text leads to a person or out of the room: addresses, links, handles, telephone numbers.

`review` looks for it in what is to be posted, `redact` takes it out of what a model may read.
"""

from __future__ import annotations

import re

EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.\w")

HANDLE = re.compile(r"(?<![\w.+-])@\s?[\w{]")

LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]*://|\bmailto:|\bwww\.|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|(?<![\w:])(?=[0-9a-f:]*\d)(?:(?:[0-9a-f]{1,4}:){7}|(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?::"
    r"(?:[0-9a-f]{1,4}:){0,6})[0-9a-f]{1,4}(?![\w:])"
    r"|\b[\w-]+\.(?:com|org|net|edu|gov|int|info|biz|io|ai|app|dev|me|co|tv|gg|ly|eu|uk|de|fr|nl|es|it|ch|at|us|ca"
    r"|in|jp|cn|ru|br|au)\b"
    r"|\b[\w-]+\.(?!js/)[a-z]{2,}/\w",
    re.IGNORECASE,
)
"""Schemes, addresses of machines (IPv4, IPv6), names of hosts in the most frequent top-level domains, and in any other
where a path follows; "Node.js/Deno" is none."""

_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[ ()./-]{0,2}\d){6,14}(?!\w)")
"""7 to 15 digits (ITU-T E.164 allows 15), with the separators in which telephone numbers are written."""

_YEARS = re.compile(r"^(?:1[0-9]|20)\d\d ?[/-] ?(?:1[0-9]|20)\d\d$")

LONG_NUMBER = re.compile(r"\d(?:[ ()./-]{0,2}\d){6,}")
"""7 digits or more, however they are grouped: telephone, card, account and customer numbers."""


def holds_phone(text: str) -> bool:
    """Whether it holds what looks like a telephone number; a span of years does not."""
    return any(not _YEARS.match(found[0]) for found in _PHONE.finditer(text))
