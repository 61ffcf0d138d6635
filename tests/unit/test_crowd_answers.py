from dataclasses import replace

import pytest
from tests.crowd_examples import BUSY, POLL, START, SURE, acts, crowd, intervention, of, play

from conductor.domain.interventions import (
    Arm,
    NudgeContent,
    PollTiming,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.signals import Author, Kind
from conductor.ports import Platform
from conductor.sim.effects import EffectTable
from conductor.sim.platform import CrowdPlatform


def test_a_poll_is_opened_by_the_agent_voted_in_once_a_person_and_closed():
    room = crowd()
    play(room, 400.0)
    present = room.present
    assert room.deliver(intervention(room)) == present
    after = play(room, 500.0)
    opened, closed = of(after, Kind.POLL_OPENED)[0], of(after, Kind.POLL_CLOSED)[0]
    votes = of(after, Kind.VOTE)
    voters = [vote.user_id for vote in votes]
    assert (opened.at, opened.author, opened.detail.poll_id) == (START + 400.0, Author.AGENT, "i1")
    assert opened.detail.options == POLL.options
    assert closed.at == START + 460.0
    assert 0.25 * present < len(voters) == len(set(voters)) <= present
    assert all(vote.detail.by_agent and vote.detail.poll_id == "i1" for vote in votes)
    assert {vote.detail.option_id for vote in votes} <= {"0", "1", "2"}
    assert all(opened.at < vote.at < closed.at for vote in votes)


def test_a_room_that_pays_no_attention_votes_less():
    shares = []
    for effects in (SURE, EffectTable.answers_only()):
        votes = seen_by = 0
        for seed in range(5):
            room = crowd(seed, effects=effects)
            play(room, 400.0)
            seen_by += room.deliver(intervention(room))
            votes += len(of(play(room, 470.0), Kind.VOTE))
        shares.append(votes / seen_by)
    assert 0.4 < shares[0] < 0.6
    assert 0.05 < shares[1] < 0.3


def test_delivering_the_same_intervention_again_changes_nothing():
    once, twice = crowd(), crowd()
    for room, times in ((once, 1), (twice, 3)):
        play(room, 400.0)
        told = {room.deliver(intervention(room)) for _ in range(times)}
        assert len(told) == 1
    assert play(once, 900.0) == play(twice, 900.0)


def test_a_poll_for_the_next_transition_waits_for_the_slide():
    room = crowd(params=replace(BUSY, slides_per_min=2.0))
    play(room, 400.0)
    room.deliver(intervention(room, replace(POLL, timing=PollTiming.NEXT_TRANSITION)))
    after = play(room, 600.0)
    assert of(after, Kind.POLL_OPENED)[0].at == of(after, Kind.SLIDE)[0].at


def test_a_poll_for_the_next_transition_appears_at_once_where_no_slide_changes():
    room = crowd(params=replace(BUSY, slides_per_min=0.0))
    play(room, 400.0)
    room.deliver(intervention(room, replace(POLL, timing=PollTiming.NEXT_TRANSITION)))
    assert of(play(room, 410.0), Kind.POLL_OPENED)[0].at == START + 400.0


def test_a_chat_prompt_is_posted_as_the_agent_and_draws_answers():
    asked, left_alone = crowd(), crowd()
    for room in (asked, left_alone):
        play(room, 400.0)
    asked.deliver(intervention(asked, PromptContent("What do you think?"), Arm.CHAT_PROMPT))
    with_prompt, without = play(asked, 430.0), play(left_alone, 430.0)
    assert [signal.at for signal in with_prompt if signal.author is Author.AGENT] == [START + 400.0]
    assert len(of(with_prompt, Kind.CHAT)) > len(of(without, Kind.CHAT)) + 3


def test_a_targeted_prompt_reaches_only_those_it_names():
    room = crowd()
    play(room, 400.0)
    users = ("s1:p3", "s1:p5", "s1:p999", "somebody else")
    assert room.deliver(intervention(room, PromptContent("You two?", target_users=users), Arm.CHAT_PROMPT)) == 2


def test_what_only_two_people_see_lifts_those_two_and_hardly_the_room():
    levels = []
    for users in ((), ("s1:p3", "s1:p5")):
        room = crowd()
        play(room, 400.0)
        room.deliver(intervention(room, PromptContent("You?", target_users=users), Arm.CHAT_PROMPT))
        play(room, 500.0)
        levels.append(room.true_level(room.now) - room.level_without_help(room.now))
    assert 0.0 < levels[1] < 0.2 * levels[0]


def test_a_nudge_to_lurkers_reaches_only_people_who_never_did_anything():
    room = crowd(params=replace(BUSY, duration_s=1800.0))
    before = play(room, 1200.0)
    active = {signal.user_id for signal in acts(before) + of(before, Kind.QUESTION, Kind.UPVOTE)}
    long_here = {s.user_id for s in of(before, Kind.JOIN) if s.at < START + 300.0}
    lurkers = long_here - active - {signal.user_id for signal in of(before, Kind.LEAVE)}
    nudge = NudgeContent("Hello {{name}}", "Say hello", Segment.LURKERS)
    assert room.deliver(intervention(room, nudge, Arm.NUDGE)) == len(lurkers) > 0


def test_nobody_is_a_lurker_in_the_first_quarter_of_an_hour():
    room = crowd()
    play(room, 800.0)
    nudge = NudgeContent("Hello", "Say hello", Segment.LURKERS)
    assert room.deliver(intervention(room, nudge, Arm.NUDGE)) == 0


def test_first_timers_are_a_part_of_the_room():
    room = crowd()
    play(room, 400.0)
    nudge = NudgeContent("Hello", "Say hello", Segment.FIRST_TIME)
    assert 0 < room.deliver(intervention(room, nudge, Arm.NUDGE)) < room.present / 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (QnaContent(QnaStrategy.REQUEST_NEW, message="Questions?"), Kind.QUESTION),
        (QnaContent(QnaStrategy.SEED_QUESTION, message="Why bees?"), Kind.UPVOTE),
        (QnaContent(QnaStrategy.SURFACE_BEST, ("q7", "q9")), Kind.UPVOTE),
    ],
)
def test_promoted_questions_draw_questions_and_upvotes(content, kind):
    with_it = without = 0
    for seed in range(5):
        asked = crowd(seed)
        play(asked, 400.0)
        left_alone = asked.fork()
        asked.deliver(intervention(asked, content, Arm.QNA_PROMOTE))
        with_it += len(of(play(asked, 450.0), kind))
        without += len(of(play(left_alone, 450.0), kind))
    assert with_it > without + 5


def test_upvotes_go_to_the_questions_that_were_promoted():
    room = crowd(params=replace(BUSY, size=200, questions_per_min=0.0))
    play(room, 400.0)
    room.deliver(intervention(room, QnaContent(QnaStrategy.SURFACE_BEST, ("q7", "q9")), Arm.QNA_PROMOTE))
    assert {s.detail.question_id for s in of(play(room, 500.0), Kind.UPVOTE)} == {"q7", "q9"}


async def test_the_platform_delivers_to_the_crowd_of_the_session():
    room = crowd()
    play(room, 400.0)
    platform: Platform = CrowdPlatform([room])
    assert await platform.deliver(intervention(room)) == room.present
    assert await platform.deliver(replace(intervention(room), session_id="unknown", intervention_id="i2")) == 0
