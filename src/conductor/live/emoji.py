"""What counts as one emoji: a reaction that could be any short text would be a chat without rules."""

from __future__ import annotations

import re

# As UTS 51 builds them: a picture, perhaps with a skin tone, a presentation or a tag, and joined to others of its kind;
# or a flag of two letters; or a key. Of the plane that pictures stand in whole blocks are taken, so that next year's
# need no new list. Letters in boxes and circles are left out, since words can be written with them, but for the few
# that are emoji.
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2767\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c"
    "\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f202\U0001f21a"
    "\U0001f22f\U0001f232-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f7e0-\U0001f7ff\U0001f900-\U0001f9ff\U0001fa70-\U0001faff]"
)
_ELEMENT = _PICTURE + "(?:\ufe0f|\ufe0e|[\U0001f3fb-\U0001f3ff])?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = re.compile(
    f"{_ELEMENT}(?:\u200d{_ELEMENT})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|[\U0001f3fb-\U0001f3ff]"
)


def is_emoji(text: str) -> bool:
    """Whether a text is one emoji, of people with skin tones, flags and keys too, and nothing else."""
    return _EMOJI.fullmatch(text) is not None
