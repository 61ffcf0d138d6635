import numpy as np
import pytest
from benchmarks.mixture import Mixture, Size
from benchmarks.plain import PlainSession, comparable, trees_of_river

from conductor.domain.sessions import SessionProfile, SessionType
from conductor.perceive.detector import DetectorName
from conductor.perceive.norms import FIRST_GUESS, Norms
from conductor.perceive.perception import Perception

TICKS = 130
"""A little over ten minutes: every window is full, and the forest has turned over once."""


def both_ways(size, seed):
    """Scores and unusualness of each session and tick, of arrays and of lists; shape (2, ticks, sessions) each."""
    params = comparable(DetectorName.HYBRID)
    trees = trees_of_river(params.detector.forest)
    arrays = Perception(params, Norms(), 0.0, trees)
    mixture = Mixture(size, seed)
    norm = list(FIRST_GUESS[SessionType.PANEL])
    lists = {name: PlainSession(norm, params.baseline, params.detector) for name in mixture.names}
    for name in mixture.names:
        arrays.open(name, "event", 0.0, SessionProfile(type=SessionType.PANEL))
    ours, theirs = [], []
    for tick in range(TICKS):
        for signal in mixture.tick(tick):
            arrays.receive(signal)
            lists[signal.session_id].receive(signal)
        reading = arrays.advance()
        ours.append([reading.scores.value, reading.evidence])
        theirs.append(np.transpose([session.advance(reading.at) for session in lists.values()]))
    return np.swapaxes(ours, 0, 1), np.swapaxes(theirs, 0, 1)


@pytest.mark.parametrize(("per_s", "people"), [(2.0, 30), (0.1, 6)])
def test_arrays_give_the_same_scores_as_lists_and_river(per_s, people):
    ours, theirs = both_ways(Size(sessions=4, people=people, per_s=per_s), seed=7)

    np.testing.assert_allclose(ours, theirs, rtol=0.0, atol=1e-9)
    assert ours[0].std(axis=0).min() > 0.01, "scores have to move, or nothing was compared"
    assert (ours[1, 105:] > 0.1).any(axis=0).all(), "the forest has to speak in every session"
