"""Columns of **kern as their paths say."""

from fractions import Fraction

from mood2music.music.formats.kern_spines import Spine, Spines, joins


def begun(*tokens: str) -> Spines:
    spines = Spines()
    spines.columns = [spines.begin(token) for token in tokens]
    return spines


def test_only_kern_is_a_track_and_parts_meet_at_the_longest() -> None:
    spines = begun("**kern", "**text", "**kern")
    assert [s.track for s in spines.columns] == [1, -1, 2]
    spines.columns[1].end = Fraction(9)
    spines.columns[2].end = Fraction(2)
    spines.meet()
    assert spines.now == 2
    assert [s.end for s in spines.columns] == [2, 2, 2]


def test_a_split_keeps_track_and_place_and_a_join_ends_with_the_later() -> None:
    spines = begun("**kern")
    spines.columns[0].end = Fraction(1)
    spines.follow(["*^"])
    assert [(s.track, s.end) for s in spines.columns] == [(1, 1), (1, 1)]
    spines.columns[1].end = Fraction(3)
    spines.follow(["*v", "*v"])
    assert [s.end for s in spines.columns] == [3]


def test_columns_cross_end_and_begin() -> None:
    spines = begun("**kern", "**kern", "**kern")
    spines.follow(["*x", "*", "*x"])
    assert [s.track for s in spines.columns] == [3, 2, 1]
    spines.columns[0].end = Fraction(4)
    spines.follow(["*-", "*+", "*"])
    assert [(s.track, s.kern) for s in spines.columns] == [(2, True), (-1, False), (1, True)]
    assert spines.now == 4
    spines.follow(["*", "**kern", "*"])
    assert spines.columns[1] == Spine(4, True, Fraction(4))


def test_two_parts_that_end_their_splits_in_one_row_join_apart() -> None:
    spines = [Spine(1, True), Spine(1, True), Spine(2, True), Spine(2, True)]
    assert joins(spines, ["*v"] * 4) == [0, 0, 2, 2]
    assert joins([spines[0], spines[2]], ["*v"] * 2) == [0, 0]
    assert joins(spines, ["*", "*v", "*v", "*"]) == [0, 1, 1, 3]
