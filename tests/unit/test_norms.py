import numpy as np
import pytest
from tests.rooms import PANEL, START, WORKSHOP, even, joins, play, worker

from conductor.domain.engagement import Norm
from conductor.domain.sessions import Phase, SessionType, SizeBucket
from conductor.perceive.norms import FIRST_GUESS, GUESS_PERSON_MIN, HABITS, Kinship, Norms

TALK = Kinship(SessionType.TALK, SizeBucket.MEDIUM, Phase.MIDDLE)
LARGE_TALK = Kinship(SessionType.TALK, SizeBucket.LARGE, Phase.MIDDLE)
LIVELY = np.array([0.5, 0.4, 0.6, 0.02, 0.9])


@pytest.mark.parametrize("kind", SessionType)
def test_of_a_kind_never_seen_the_first_guess_is_expected(kind):
    expected = Norms().expect(Kinship(kind, SizeBucket.SMALL, Phase.QA))

    assert expected.tolist() == list(FIRST_GUESS[kind])
    assert (expected > 0).all()
    assert (expected[[2, 4]] < 1).all()


def test_what_a_session_was_like_is_expected_of_its_kind():
    norms = Norms()
    norms.absorb(TALK, LIVELY, 1e9)

    np.testing.assert_allclose(norms.expect(TALK), LIVELY, rtol=1e-5)


def test_the_guess_weighs_as_much_as_ten_people_for_an_hour():
    norms = Norms()
    norms.absorb(TALK, LIVELY, GUESS_PERSON_MIN)
    of_type = (np.array(FIRST_GUESS[SessionType.TALK]) + LIVELY) / 2

    np.testing.assert_allclose(norms.expect(LARGE_TALK), of_type)
    np.testing.assert_allclose(norms.expect(TALK), (of_type + LIVELY) / 2)


def test_sessions_count_by_their_person_minutes():
    norms = Norms()
    norms.absorb(TALK, LIVELY, 3e9)
    norms.absorb(TALK, 2 * LIVELY, 1e9)

    np.testing.assert_allclose(norms.expect(TALK), 1.25 * LIVELY, rtol=1e-5)


def test_sessions_of_one_type_say_nothing_of_another():
    norms = Norms()
    norms.absorb(TALK, LIVELY, 1e9)
    panel = Kinship(SessionType.PANEL, SizeBucket.MEDIUM, Phase.MIDDLE)

    assert norms.expect(panel).tolist() == list(FIRST_GUESS[SessionType.PANEL])


def test_what_is_known_is_told_and_taken_back():
    norms = Norms()
    norms.absorb(TALK, LIVELY, 120.0)
    norms.absorb(LARGE_TALK, 2 * LIVELY, 60.0)
    [first, second] = norms.known()
    again = Norms(norms.known())

    assert first == Norm(SessionType.TALK, SizeBucket.MEDIUM, Phase.MIDDLE, 120.0, tuple((120.0 * LIVELY).tolist()))
    assert second.session_size_bucket is SizeBucket.LARGE
    assert again.known() == norms.known()
    assert again.expect(TALK).tolist() == norms.expect(TALK).tolist()


def test_a_norm_speaks_of_every_habit():
    assert len(HABITS) == len(LIVELY) == len(FIRST_GUESS[SessionType.TALK])


def test_a_session_that_ends_teaches_its_kind():
    norms = Norms()
    perception = worker("a", norms=norms)
    play(perception, joins("a", 40) + even("a", 80, 0.0, 900.0, 40), 900.0)
    perception.close("a")
    [norm] = norms.known()

    assert (norm.session_type, norm.session_size_bucket) == (PANEL.type, SizeBucket.MEDIUM)
    assert norm.sums[0] / norm.person_min == pytest.approx(80 / 40, rel=0.05)


def test_a_session_of_a_kind_that_is_known_is_measured_against_it():
    norms = Norms()
    kin = Kinship(WORKSHOP.type, SizeBucket.MEDIUM, Phase.OPENING)
    norms.absorb(kin, np.array([2.0, 0.04, 0.9, 0.005, 0.6]), 1e6)
    room = joins("a", 40, spread_s=5.0) + even("a", 80, 0.0, 60.0, 40)
    known = play(worker("a", norms=norms, profile=WORKSHOP), room, 30.0)[-1]
    unknown = play(worker("a", profile=WORKSHOP), room, 30.0)[-1]

    assert known.scores.levels[0, 0] == pytest.approx(0.75, abs=0.05)
    assert unknown.scores.levels[0, 0] > 0.99


def test_a_session_that_was_never_played_teaches_nothing():
    norms = Norms()
    perception = worker("a", norms=norms, at=START)
    perception.close("a")

    assert norms.known() == ()
