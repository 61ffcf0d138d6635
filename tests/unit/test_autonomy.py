import pytest

from conductor.decide.autonomy import AUTONOMY, asking_ends_at, autonomy_of
from conductor.domain.interventions import Autonomy, Mode


@pytest.mark.parametrize("is_organiser_online", [True, False])
@pytest.mark.parametrize("confidence", [0.1, 0.75, 0.99])
def test_manual_always_asks_and_auto_always_acts(confidence, is_organiser_online):
    manual = autonomy_of(Mode.MANUAL, confidence, 0.75, is_organiser_online=is_organiser_online)
    auto = autonomy_of(Mode.AUTO, confidence, 0.75, is_organiser_online=is_organiser_online)
    assert (manual, auto) == (Autonomy.ASK, Autonomy.ACT)


@pytest.mark.parametrize(
    ("confidence", "is_organiser_online", "expected"),
    [
        (0.75, False, Autonomy.ACT),
        (0.75, True, Autonomy.ACT),
        (0.7499, True, Autonomy.ASK),
        (0.7499, False, Autonomy.SKIP),
    ],
)
def test_semi_auto_acts_from_the_threshold_and_below_it_asks_whoever_is_there(
    confidence, is_organiser_online, expected
):
    assert autonomy_of(Mode.SEMI_AUTO, confidence, 0.75, is_organiser_online=is_organiser_online) is expected


def test_the_table_has_an_answer_for_every_case():
    assert len(AUTONOMY) == len(Mode) * 2 * 2


@pytest.mark.parametrize(("autonomy", "ends_at"), [(Autonomy.ASK, 160.0), (Autonomy.ACT, None), (Autonomy.SKIP, None)])
def test_only_a_question_has_a_deadline(autonomy, ends_at):
    assert asking_ends_at(autonomy, 100.0, 60.0) == ends_at
