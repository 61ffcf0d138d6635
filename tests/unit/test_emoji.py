"""What may be a reaction."""

import pytest

from conductor.errors import InvalidInput
from conductor.live.emoji import is_emoji
from conductor.live.texts import cleaned_emoji

EMOJI = [
    "👏",
    "❤️",
    "❤",
    "👍🏽",
    "🎉",
    "🇩🇪",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "👩‍👩‍👧‍👦",
    "👩🏾‍💻",
    "🏳️‍🌈",
    "1️⃣",
    "#️⃣",
    "‼️",
    "©️",
    "➕",
    "🫨",
    "🧑🏻‍❤️‍💋‍🧑🏿",
]
NONE = [
    "",
    "a",
    "go away",
    "1",
    "👏👏",
    "👏!",
    "hi👏",
    "👏‍",
    "‍👏",
    "\ufe0f",
    "🇩",
    "🅰🅱🅲",
    "🄰",
    "→→",
    "漢",
    "\u202e👏",
    "👏\n👏",
]


@pytest.mark.parametrize("text", EMOJI)
def test_one_emoji_of_any_make_is_a_reaction(text):
    assert is_emoji(text)
    assert cleaned_emoji(f" {text} ") == text


@pytest.mark.parametrize("text", NONE)
def test_words_and_anything_but_one_emoji_is_no_reaction(text):
    assert not is_emoji(text)
    with pytest.raises(InvalidInput, match="one emoji"):
        cleaned_emoji(text)


def test_a_family_without_end_is_no_reaction():
    with pytest.raises(InvalidInput):
        cleaned_emoji("‍".join("👩" * 9))
