import pytest
from tests.decide_examples import context

from conductor.bootstrap.prior import begin_with, known_at_first
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally
from conductor.errors import InvalidInput
from conductor.testing import MemoryStore
from conductor.wire.rest_state import StateBody

ELSEWHERE = Learned((Tally(context(), Arm.POLL, 3.0, 1.0),))
HERE = Learned((Tally(context(), Arm.NUDGE, 0.0, 2.0),))


@pytest.fixture
def prior(tmp_path):
    file = tmp_path / "learned.json"
    file.write_text(StateBody.of(ELSEWHERE).model_dump_json(), encoding="utf-8")
    return file


def test_an_agent_that_knows_nothing_begins_with_what_was_exported_elsewhere(prior):
    assert known_at_first(Learned(), prior) == ELSEWHERE


def test_what_was_learned_here_is_kept_and_the_file_left_alone(prior):
    assert known_at_first(HERE, prior) == HERE
    assert known_at_first(HERE, prior.with_name("gone.json")) == HERE


def test_without_a_file_it_begins_from_nothing():
    assert known_at_first(Learned(), None) == Learned()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"CONDUCTOR_PRIOR.*gone\.json cannot be read"):
        known_at_first(Learned(), tmp_path / "gone.json")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema_version": 2, "tallies": [], "norms": []}'])
def test_a_file_with_anything_else_is_refused_with_what_is_wrong_in_it(prior, text):
    prior.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="is no exported state"):
        known_at_first(Learned(), prior)


async def test_what_the_agent_begins_with_is_in_the_store_before_anything_happens(prior):
    store = MemoryStore()
    assert await begin_with(store, prior) == ELSEWHERE
    assert await store.load_learned() == ELSEWHERE


async def test_the_next_life_begins_with_what_the_store_has_and_needs_no_file_any_more(prior):
    store = MemoryStore()
    await begin_with(store, prior)
    await store.save_learned(HERE)
    prior.unlink()
    both = await store.load_learned()
    assert set(both.tallies) == {*ELSEWHERE.tallies, *HERE.tallies}
    assert await begin_with(store, prior) == both


async def test_a_store_that_knows_something_is_left_as_it_is(prior):
    store = MemoryStore()
    await store.save_learned(HERE)
    assert await begin_with(store, prior) == await store.load_learned() == HERE


async def test_a_file_that_cannot_be_read_leaves_the_store_empty(prior):
    store = MemoryStore()
    prior.write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidInput):
        await begin_with(store, prior)
    assert await store.load_learned() == Learned()
