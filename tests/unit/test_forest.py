import numpy as np
import pytest
from river.anomaly import HalfSpaceTrees

from conductor.perceive.forest import PADDING, Forest, ForestParams, Trees, grow_trees

FEATURES = ("a", "b", "c", "d")


def rivers_trees(model, height):
    """Splits of River's trees, level by level; its left child is the one below the threshold."""
    features, thresholds = [], []
    for root in model.trees:
        nodes = [root]
        for depth in range(height):
            nodes += [child for node in nodes[2**depth - 1 :] for child in node.children]
        inner = nodes[: 2**height - 1]
        features.append([FEATURES.index(node.feature) for node in inner])
        thresholds.append([node.threshold for node in inner])
    return Trees(np.array(features), np.array(thresholds), height)


def oracle(window, height, trees, seed):
    """River's model with its trees grown and nothing learned, and the same trees for ours."""
    model = HalfSpaceTrees(n_trees=trees, height=height, window_size=window, seed=seed)
    model.learn_one(dict.fromkeys(FEATURES, 0.5))
    model.counter, model._first_window = 0, True
    for nodes in model._tree_nodes:
        for node in nodes:
            node.l_mass = node.r_mass = 0
    return model, rivers_trees(model, height)


def observations(count, seed):
    """Mostly of one place, some from anywhere, a few at the edges."""
    rng = np.random.default_rng(seed)
    seen = np.clip(rng.normal(0.6, 0.08, (count, len(FEATURES))), 0.0, 1.0)
    seen[rng.random(count) < 0.1] = rng.random(len(FEATURES))
    seen[rng.random(count) < 0.05] = rng.integers(0, 2, len(FEATURES))
    return seen


def step(forest, seen, learning=True):
    leaves = forest.leaves(seen)
    scores = forest.score(leaves).tolist()
    forest.learn(leaves, np.broadcast_to(learning, len(seen)).copy())
    return scores


def rivers_scores(model, seen):
    scores = []
    for values in seen.tolist():
        x = dict(zip(FEATURES, values, strict=True))
        scores.append(model.score_one(x))
        model.learn_one(x)
    return scores


@pytest.mark.parametrize(
    ("window", "height", "trees"),
    [(100, 8, 10), (20, 8, 5), (7, 3, 4), (250, 5, 3), (1, 4, 2)],
    ids=["as used", "small", "tiny", "large", "of one"],
)
def test_over_several_windows_the_scores_are_rivers(window, height, trees):
    model, same = oracle(window, height, trees, seed=11)
    forest = Forest(same, window, 1)
    seen = observations(3 * window + 60, seed=12)
    ours = [step(forest, x[None])[0] for x in seen]

    np.testing.assert_allclose(ours, rivers_scores(model, seen), rtol=0.0, atol=1e-12)
    assert len(set(ours)) > 3


def to_the_leaves(model, x):
    """The score if every walk went on to its leaf, however few fell there."""
    total = 0
    for root in model.trees:
        node = root
        for depth in range(model.height):
            total += node.r_mass * 2**depth
            node = node.children[x[node.feature] >= node.threshold]
        total += node.r_mass * 2**model.height
    return 1.0 - total / model._max_score


def test_the_walk_stops_where_less_than_a_tenth_of_the_window_fell():
    model, same = oracle(window=20, height=6, trees=3, seed=5)
    forest = Forest(same, 20, 1)
    crowd = np.full((20, len(FEATURES)), 0.5)
    crowd[0] = 0.99
    rivers_scores(model, crowd)
    for x in crowd:
        step(forest, x[None])
    alone, among_many = (dict.fromkeys(FEATURES, value) for value in (0.99, 0.5))

    assert forest.score(forest.leaves(crowd[:1]))[0] == pytest.approx(model.score_one(alone), abs=1e-12)
    assert model.score_one(alone) > to_the_leaves(model, alone) + 0.01
    assert forest.score(forest.leaves(crowd[1:2]))[0] == pytest.approx(to_the_leaves(model, among_many), abs=1e-12)


def test_several_rooms_at_once_are_several_forests():
    rooms = 5
    models = [oracle(20, 6, 4, seed=3)[0] for _ in range(rooms)]
    forest = Forest(oracle(20, 6, 4, seed=3)[1], 20, rooms)
    seen = np.stack([observations(90, seed=room) for room in range(rooms)], axis=1)
    ours = np.array([step(forest, x) for x in seen])

    for room, model in enumerate(models):
        np.testing.assert_allclose(ours[:, room], rivers_scores(model, seen[:, room]), rtol=0.0, atol=1e-12)


def test_a_room_that_does_not_learn_is_as_if_it_had_not_been_looked_at():
    model, same = oracle(20, 6, 4, seed=3)
    forest = Forest(same, 20, 2)
    rng = np.random.default_rng(2)
    for x in observations(150, seed=7):
        learning = bool(rng.random() < 0.5)
        asked = dict(zip(FEATURES, x.tolist(), strict=True))
        expected = model.score_one(asked)
        assert step(forest, np.stack([x, x]), [learning, False]) == [pytest.approx(expected, abs=1e-12), 0.0]
        if learning:
            model.learn_one(asked)


def test_before_its_first_window_is_full_a_room_says_nothing():
    forest = Forest(grow_trees(ForestParams(), 4), 30, 1)
    scores = [step(forest, x[None])[0] for x in observations(31, seed=1)]

    assert scores[:30] == [0.0] * 30
    assert not forest.speaks(0).any()
    assert forest.speaks(1).all()
    assert scores[30] > 0.0


def test_what_was_never_seen_is_more_unusual_than_what_always_is():
    forest = Forest(grow_trees(ForestParams(), 4), 100, 1)
    for x in observations(100, seed=1):
        step(forest, x[None])
    scores = forest.score(forest.leaves(np.array([[0.02, 0.97, 0.03, 0.99]])))

    assert scores[0] > 0.9 > forest.score(forest.leaves(np.full((1, 4), 0.6)))[0]


def test_grown_trees_split_every_node_within_what_is_left_of_its_range():
    trees = grow_trees(ForestParams(trees=3, height=6, seed=1), 2)
    for features, thresholds in zip(trees.features, trees.thresholds, strict=True):
        ranges = [[(0.0, 1.0), (0.0, 1.0)]]
        for node, (feature, split) in enumerate(zip(features, thresholds, strict=True)):
            low, high = ranges[node][feature]
            assert low + PADDING * (high - low) <= split <= high - PADDING * (high - low)
            for kept in ((low, split), (split, high)):
                ranges.append([kept if i == feature else span for i, span in enumerate(ranges[node])])


def test_the_same_seed_grows_the_same_trees_and_another_seed_others():
    first, again, other = (grow_trees(ForestParams(seed=seed), 4) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first.thresholds, again.thresholds)
    assert (first.thresholds != other.thresholds).any()


@pytest.mark.parametrize("window", [0, 256])
def test_a_window_that_does_not_fit_is_refused(window):
    with pytest.raises(ValueError, match="from 1 to 255"):
        Forest(grow_trees(ForestParams(height=2), 4), window, 1)


def test_a_snapshot_put_back_elsewhere_goes_on_as_before():
    forest, other = (Forest(grow_trees(ForestParams(), 4), 20, 1) for _ in range(2))
    seen = observations(120, seed=4)
    for x in seen[:50]:
        step(forest, x[None])
    other.grow(3)
    other.restore(0, forest.snapshot(0))

    assert [step(other, x[None]) for x in seen[50:]] == [step(forest, x[None]) for x in seen[50:]]


def test_a_row_given_to_another_session_begins_as_if_new():
    used, fresh = (Forest(grow_trees(ForestParams(), 4), 20, 1) for _ in range(2))
    for x in observations(50, seed=4):
        step(used, x[None])
    used.clear(0)
    seen = observations(60, seed=5)

    assert [step(used, x[None]) for x in seen] == [step(fresh, x[None]) for x in seen]
