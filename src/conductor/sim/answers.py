"""What people do in answer to an intervention: notice it, vote, write, ask, upvote, or let it pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from conductor.domain.interventions import (
    Content,
    Intervention,
    NudgeContent,
    PollContent,
    PromptContent,
    QnaContent,
    QnaStrategy,
    Segment,
)
from conductor.domain.signals import Kind, PollDetail, QuestionDetail
from conductor.sim.people import CrowdParams, Floats, Ints, Mask, People
from conductor.sim.urges import AGENT, VOTE_DELAY_S, Draft, Urges, add_messages, delays, votes_need

REPLY_DELAY_S = (15.0, 0.7)
"""Stated guess: writing takes longer than clicking."""

# Stated guesses: the chance that an average writer at full attention does it. Above 0 for who already
# votes or reads: the agent's content is labelled, pinned and easy to answer, and most people still never
# write.
COMMENT_CHANCE = 0.12
PROMPT_CHANCE = 0.20
NUDGE_CHANCE = 0.25
ASK_CHANCE = 0.08
UPVOTE_CHANCE = 0.20

NEVER = 1e-9
"""A willingness so small that nobody votes."""

ACTIVE_CAP = 4.0
"""Nobody is more than four times as likely as the mean to answer one particular message."""

DISENGAGED_AFTER_S = 600.0
DISENGAGED_PRESENT_S = 300.0
LURKER_PRESENT_S = 900.0
"""The segments as they are defined for the agent: no interaction for 10 min and present over 5; never,
over 15 min."""


@dataclass(frozen=True, slots=True)
class Audience:
    """The room at the moment in which an intervention reaches it, one entry a person.

    Attributes:
        at_s: The moment, in seconds from the start.
        reached: Who can see it.
        attention: What attention it will find, in [0, 1]: what they have, or what they will have if it works.
        willing: Factor in [0, 1] on every chance: lower when the room has been asked a lot lately, 0 where nobody
            answers the agent at all.
    """

    people: People
    params: CrowdParams
    at_s: float
    reached: Mask
    attention: Floats
    willing: float

    def doers(self, rng: np.random.Generator, chance: float, leaning: Floats) -> Ints:
        """Row numbers of those who do something that an average person would do with this chance."""
        odds = chance * np.minimum(leaning, ACTIVE_CAP) * self.attention * self.willing
        return np.flatnonzero(self.reached & (rng.random(len(odds)) < odds))


def segment_mask(
    segment: Segment, people: People, present: Mask, joined_s: Floats, last_act_s: Floats, now_s: float
) -> Mask:
    """Who belongs to a segment now. `last_act_s` is negative for people who never did anything."""
    stayed = np.where(present, now_s - joined_s, 0.0)
    if segment is Segment.LURKERS:
        return present & (last_act_s < 0.0) & (stayed > LURKER_PRESENT_S)
    if segment is Segment.DISENGAGED:
        quiet_s = now_s - np.maximum(last_act_s, joined_s)
        return present & (quiet_s >= DISENGAGED_AFTER_S) & (stayed > DISENGAGED_PRESENT_S)
    return present & people.is_new


def draw_answers(rng: np.random.Generator, intervention: Intervention, audience: Audience) -> Urges:
    """What the platform shows and what people make of it, sorted by time."""
    draft = Draft()
    content: Content = intervention.content
    match content:
        case PollContent():
            _answer_poll(rng, draft, intervention.intervention_id, content, audience)
        case PromptContent():
            draft.add(np.array([audience.at_s]), Kind.CHAT, AGENT)
            _write(rng, draft, audience, audience.doers(rng, PROMPT_CHANCE, audience.people.talk), REPLY_DELAY_S)
        case NudgeContent():
            _answer_nudge(rng, draft, content, audience)
        case QnaContent():
            _answer_qna(rng, draft, intervention.intervention_id, content, audience)
    return draft.sorted(audience.params.duration_s)


def _write(rng: np.random.Generator, draft: Draft, audience: Audience, who: Ints, delay: tuple[float, float]) -> None:
    at = audience.at_s + delays(rng, delay, len(who))
    add_messages(rng, draft, audience.people, audience.params, at, who, need=-1.0)


def _answer_poll(
    rng: np.random.Generator, draft: Draft, poll_id: str, content: PollContent, audience: Audience
) -> None:
    opened = draft.note(PollDetail(poll_id, content.question, content.options, by_agent=True))
    row = draft.add(np.array([audience.at_s]), Kind.POLL_OPENED, AGENT, ref=opened)[0]
    n, options = len(audience.attention), max(len(content.options), 1)
    choices = np.array([draft.note(PollDetail(poll_id, option_id=str(i), by_agent=True)) for i in range(options)])
    leaning = rng.dirichlet(np.full(options, 2.0))
    picked = np.minimum(np.searchsorted(np.cumsum(leaning), rng.random(n)), options - 1)
    need = votes_need(rng, np.maximum(audience.people.willing * audience.willing, NEVER))
    delay_s = delays(rng, VOTE_DELAY_S, n)
    votes = audience.reached & (audience.attention > need) & (delay_s < content.display_duration_s)
    who = np.flatnonzero(votes)
    draft.add(audience.at_s + delay_s[who], Kind.VOTE, who, parent=int(row), ref=choices[picked[who]])
    closes_s = np.array([audience.at_s + content.display_duration_s])
    draft.add(closes_s, Kind.POLL_CLOSED, AGENT, parent=int(row), ref=opened)
    comments = audience.doers(rng, COMMENT_CHANCE, audience.people.talk)
    _write(rng, draft, audience, comments[votes[comments]], REPLY_DELAY_S)


def _answer_nudge(rng: np.random.Generator, draft: Draft, content: NudgeContent, audience: Audience) -> None:
    # Half of those who heed a private reminder write something, the others react.
    who = audience.doers(rng, NUDGE_CHANCE, np.ones(len(audience.attention)))
    writes = rng.random(len(who)) < 0.5
    _write(rng, draft, audience, who[writes], REPLY_DELAY_S)
    after_s = delays(rng, REPLY_DELAY_S, int((~writes).sum()))
    heeded = after_s < content.expires_after_s
    draft.add(audience.at_s + after_s[heeded], Kind.REACTION, who[~writes][heeded])


def _answer_qna(
    rng: np.random.Generator, draft: Draft, intervention_id: str, content: QnaContent, audience: Audience
) -> None:
    if content.strategy is QnaStrategy.REQUEST_NEW:
        draft.add(np.array([audience.at_s]), Kind.CHAT, AGENT)
        who = audience.doers(rng, ASK_CHANCE, audience.people.ask)
        draft.add(audience.at_s + delays(rng, REPLY_DELAY_S, len(who)), Kind.QUESTION, who)
        return
    ids = content.question_ids
    if content.strategy is QnaStrategy.SEED_QUESTION:
        ids = (intervention_id,)
        seeded = draft.note(QuestionDetail(intervention_id, content.message))
        draft.add(np.array([audience.at_s]), Kind.QUESTION, AGENT, ref=seeded)
    if ids:
        refs = np.array([draft.note(QuestionDetail(question_id)) for question_id in ids])
        who = audience.doers(rng, UPVOTE_CHANCE, audience.people.react)
        at = audience.at_s + delays(rng, REPLY_DELAY_S, len(who))
        draft.add(at, Kind.UPVOTE, who, ref=refs[rng.integers(len(ids), size=len(who))])
        _write(rng, draft, audience, audience.doers(rng, COMMENT_CHANCE, audience.people.talk), REPLY_DELAY_S)
