"""The simulated audience of a live demonstration, as people see it."""

from random import Random

import numpy as np
import pytest
from tests.crowd_examples import START, intervention, of

from conductor.domain.interventions import Arm, PollContent, PromptContent
from conductor.domain.signals import Author, Kind
from conductor.sim import lines
from conductor.sim.onstage import OnStage
from conductor.sim.presets import STAGE_PEOPLE, StageTimes, stage_room

TIMES = StageTimes()
POLL = PollContent("Which?", ("one", "two", "three"))


def stage(seed=1):
    crowd = stage_room(np.random.default_rng(seed), "demo-1", "demo", START, TIMES)
    return OnStage(crowd, START, Random(seed))


def play(shown, until_s, since_s=0.0):
    return [
        signal for n in range(int((until_s - since_s) * 2)) for signal in shown.step(START + since_s + 0.5 * (n + 1))
    ]


def test_everybody_is_there_when_the_curtain_rises_and_nothing_is_told_of_before():
    first = stage().step(START + 0.5)
    joins = of(first, Kind.JOIN)

    assert first[0].kind is Kind.STARTED
    assert first[0].detail.profile.title
    assert STAGE_PEOPLE - 5 <= len({each.user_id for each in joins}) == len(joins) <= STAGE_PEOPLE
    assert all(each.at >= START for each in first)


def test_what_people_write_ask_and_react_with_can_be_read():
    signals = play(stage(), 90.0)

    assert all(each.detail.content for each in of(signals, Kind.CHAT, Kind.QUESTION))
    assert all(each.detail.emoji in lines.EMOJIS for each in of(signals, Kind.REACTION))
    ids = [each.detail.message_id for each in of(signals, Kind.CHAT)]
    assert len(ids) == len(set(ids)) > 10


def test_only_what_ends_with_a_question_mark_is_a_question():
    chat = of(play(stage(), 30.0), Kind.CHAT)
    assert {each.detail.content.endswith("?") for each in chat if each.detail.is_question} == {True}
    assert {each.detail.content.endswith("?") for each in chat if not each.detail.is_question} == {False}


def test_the_same_seed_says_the_same():
    assert play(stage(), 40.0) == play(stage(), 40.0)


def test_the_room_is_lively_falls_silent_and_stays_so():
    signals = play(stage(), 90.0)
    acts = [each.at - START for each in of(signals, Kind.CHAT, Kind.REACTION)]
    before = sum(at < TIMES.falls_s for at in acts) / TIMES.falls_s
    after = sum(at >= TIMES.falls_s + 20.0 for at in acts) / (70.0 - TIMES.falls_s)

    assert after < 0.3 * before


@pytest.mark.parametrize(
    ("content", "arm", "said"),
    [(POLL, Arm.POLL, lines.REPLIES), (PromptContent("What is on your mind?"), Arm.CHAT_PROMPT, lines.ANSWERS)],
)
def test_people_answer_what_is_shown_to_them(content, arm, said):
    shown = stage()
    play(shown, 40.0)
    reached = shown.deliver(intervention(shown.crowd, content, arm))
    signals = play(shown, 80.0, since_s=40.0)

    assert reached > STAGE_PEOPLE / 2
    assert shown.deliver(intervention(shown.crowd, content, arm)) == reached
    assert any(each.detail.content in said for each in of(signals, Kind.CHAT))
    assert bool(of(signals, Kind.VOTE)) is (arm is Arm.POLL)
    assert all(each.author is not Author.AGENT for each in signals)


def test_votes_are_for_the_poll_that_is_open_and_from_people_who_are_there():
    shown = stage()
    there = {each.user_id for each in of(play(shown, 40.0), Kind.JOIN)}
    shown.deliver(intervention(shown.crowd, POLL))
    votes = of(play(shown, 70.0, since_s=40.0), Kind.VOTE)

    assert {each.detail.poll_id for each in votes} == {"i1"}
    assert {each.detail.option_id for each in votes} <= {"0", "1", "2"}
    assert {each.user_id for each in votes} <= there
    assert len(votes) > 10


def test_the_session_ends_by_itself():
    assert play(stage(), TIMES.ends_s + 1.0)[-1].kind is Kind.ENDED


def test_no_two_people_have_the_same_name_and_everybody_keeps_theirs():
    shown = stage()
    people = [f"demo-1:p{n}" for n in range(STAGE_PEOPLE)]

    assert len({shown.name_of(each) for each in people}) == STAGE_PEOPLE
    assert shown.name_of(people[50]) == stage(2).name_of(people[50])
