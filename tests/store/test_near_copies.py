from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest

from mood2music.music.events import HELD, Events, from_list, to_events
from mood2music.store.near_copies import MANY, SHARED, NearCopies, shingles
from tests.conftest import tune


def groups_of(pieces: Sequence[Events], names: Sequence[str]) -> list[str]:
    with NearCopies() as copies:
        for piece in pieces:
            copies.add(piece)
        return copies.groups(names)


def slowly_grouped(pieces: list[Events], names: list[str]) -> list[str]:
    """The rule written with sets and dictionaries, to compare with."""
    found = [set(slow_shingles(piece)) for piece in pieces]
    places = defaultdict(list)
    for i, values in enumerate(found):
        for value in values:
            places[value].append(i)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for where in places.values():
        for pair in combinations(where, 2) if len(where) <= MANY else pairwise(where):
            shared[pair] += 1
    edges = [
        (a, b)
        for (a, b), count in shared.items()
        if count >= SHARED * min(len(found[a]), len(found[b]))
    ]
    edges += [(a, b) for a, b in combinations(range(len(names)), 2) if names[a] == names[b]]
    group = list(range(len(pieces)))
    for _ in pieces:
        for a, b in edges:
            group = [min(group[a], group[b]) if g in (group[a], group[b]) else g for g in group]
    return [min(names[j] for j, g in enumerate(group) if g == mine) for mine in group]


def slow_shingles(piece: Events) -> list[tuple[int, ...]]:
    tops = [max(s) for t, _ in piece.as_list() if (s := [p for p in t if p < HELD])]
    steps = np.diff(tops).tolist()
    rows = [tuple(steps[i : i + 12]) for i in range(len(steps) - 11)]
    return [row for row in rows if len(set(row)) > 1]


@pytest.fixture(scope="module")
def pieces() -> list[Events]:
    """Originals, transposed copies, parts and medleys, and 25 copies of one tune."""
    rng = np.random.default_rng(0)
    originals = [to_events(tune(seed, 60)) for seed in range(12)]
    copies = [to_events(tune(seed, 60).transposed(seed - 3)) for seed in range(0, 12, 3)]
    parts = [piece[5 : 5 + length] for piece, length in zip(originals, (80, 30, 20), strict=False)]
    many = [to_events(tune(99, 60).transposed(i % 12)) for i in range(25)]
    some = [from_list([((int(p),), 6) for p in rng.integers(60, 63, 40)]) for _ in range(10)]
    mixed = [*originals, *copies, *parts, *many, *some]
    return [mixed[i] for i in rng.permutation(len(mixed))]


@pytest.mark.parametrize("run", [1, 100, 1 << 18])
@pytest.mark.slow
def test_sorted_runs_give_the_groups_that_sets_and_dictionaries_give(
    pieces: list[Events], run: int
) -> None:
    names = [f"{i * 7919 % 1000:03}" for i in range(len(pieces))]
    names[3] = names[4]
    with NearCopies(run) as copies:
        for piece in pieces:
            copies.add(piece)
        groups = copies.groups(names)
    expected = slowly_grouped(pieces, names)
    assert groups == expected
    assert 10 < len(set(expected)) < len(pieces) - 25


def test_each_shingle_counts_once_and_repeated_steps_do_not() -> None:
    scale = from_list([((60 + i,), 6) for i in range(30)])
    assert len(shingles(scale)) == 0
    wave = from_list([((60 + i % 2,), 6) for i in range(30)])
    assert len(shingles(wave)) == 2
    assert len(shingles(from_list([((), 6)] * 30))) == 0
    assert len(shingles(from_list([]))) == 0


def test_a_shingle_follows_the_highest_struck_pitch() -> None:
    line = [60, 62, 59, 61, 65, 64, 60, 67, 66, 61, 62, 60, 58]
    alone = from_list([((p,), 6) for p in line])
    under_a_held_pitch = from_list([((40, p, 90 + HELD), 6) for p in line])
    assert len(shingles(alone)) == 1
    assert shingles(alone).tolist() == shingles(under_a_held_pitch).tolist()
    transposed = from_list([((p - 60,), 6) for p in line if p > 59])
    assert len(shingles(transposed)) == 0


def test_a_transposed_copy_joins_its_original() -> None:
    original, other = tune(1, 120), tune(2, 120)
    copy = tune(1, 120).transposed(3)
    groups = groups_of([to_events(n) for n in (original, other, copy)], ["a", "b", "c"])
    assert groups == ["a", "b", "a"]


def test_many_copies_of_one_tune_stay_one_group() -> None:
    copies = [to_events(tune(1, 60).transposed(i % 12)) for i in range(30)]
    assert set(groups_of(copies, [f"{i:02}" for i in range(30)])) == {"00"}


def test_pieces_without_a_melody_stay_alone_unless_their_content_is_the_same() -> None:
    short = to_events(tune(1, 4))
    assert groups_of([short, short], ["x", "y"]) == ["x", "y"]
    assert groups_of([short, short], ["x", "x"]) == ["x", "x"]
