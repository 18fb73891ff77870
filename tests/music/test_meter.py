import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mood2music.music.meter import (
    Meter,
    TimeSignature,
    as_text,
    bar_length,
    bar_lines,
    chord_lines,
    from_text,
    is_compound,
    moved_to,
    of_bars,
    places,
    regridded,
    tidy,
)

signatures = st.builds(
    TimeSignature, st.integers(0, 700), st.integers(1, 12), st.sampled_from([2, 4, 8])
)
meters = st.lists(signatures, max_size=5).map(lambda found: tidy(found, 800, 24))


def test_bars_are_as_long_as_their_signatures_say() -> None:
    stated = {(4, 4): 96, (3, 4): 72, (2, 2): 96, (6, 8): 72, (12, 8): 144, (5, 8): 60}
    for (beats, unit), steps in stated.items():
        assert bar_length(TimeSignature(0, beats, unit), 24) == steps
    assert bar_length(TimeSignature(0, 3, 8), 12) == 18


def test_beats_of_three_parts_are_compound() -> None:
    compound = [(6, 8), (9, 8), (12, 8), (6, 16)]
    simple = [(2, 4), (3, 4), (4, 4), (3, 8), (6, 4), (5, 8)]
    assert all(is_compound(TimeSignature(0, *s)) for s in compound)
    assert not any(is_compound(TimeSignature(0, *s)) for s in simple)


def test_places_follow_changes_and_a_pickup() -> None:
    meter = (TimeSignature(-48, 3, 4), TimeSignature(96, 6, 8), TimeSignature(130, 2, 4))
    place, length, compound = places(meter, [0, 23, 24, 95, 96, 129, 130, 178], 24)
    assert place.tolist() == [48, 71, 0, 71, 0, 33, 0, 0]
    assert length.tolist() == [72, 72, 72, 72, 72, 72, 48, 48]
    assert compound.tolist() == [False] * 4 + [True] * 2 + [False] * 2


def test_music_without_meter_reads_as_four_quarters() -> None:
    place, length, compound = places((), [0, 95, 96, 200], 24)
    assert (place.tolist(), length.tolist()) == ([0, 95, 0, 8], [96] * 4)
    assert not compound.any()
    assert bar_lines((), 200, 24).tolist() == [0, 96, 192]
    # An upbeat belongs to a bar that begins before it.
    assert bar_lines((TimeSignature(30, 3, 4),), 200, 24).tolist() == [-42, 30, 102, 174]


@pytest.mark.parametrize(
    ("beats", "unit", "steps"),
    [
        (4, 4, [0, 48]), (2, 2, [0, 48]), (8, 8, [0, 48]), (4, 2, [0, 96]), (6, 4, [0, 72]),
        (2, 4, [0]), (3, 4, [0]), (7, 8, [0]), (6, 8, [0]), (12, 8, [0]), (5, 8, [0]),
        (5, 4, [0, 72]), (7, 4, [0, 96]), (11, 8, [0, 72]), (3, 2, [0, 48, 96]),
    ],
)  # fmt: skip
def test_chords_change_on_beats_and_where_a_reader_sees_parts(
    beats: int, unit: int, steps: list[int]
) -> None:
    signature = TimeSignature(0, beats, unit)
    length = bar_length(signature, 24)
    both = [*steps, *(length + step for step in steps)]
    assert chord_lines((signature,), 2 * length, 24).tolist() == both
    assert chord_lines((signature,), length + 1, 24).tolist() == [*steps, length]
    pickup = (signature._replace(step=-24),)
    assert chord_lines(pickup, length - 24, 24).tolist() == [step - 24 for step in steps]


def test_each_signature_has_its_own_places_for_chords() -> None:
    meter = (TimeSignature(0, 5, 4), TimeSignature(120, 4, 4), TimeSignature(216, 3, 2))
    assert chord_lines(meter, 360, 24).tolist() == [0, 72, 120, 168, 216, 264, 312]
    assert chord_lines((), 200, 24).tolist() == [0, 48, 96, 144, 192]


def test_a_change_within_a_bar_begins_a_new_one() -> None:
    meter = (TimeSignature(0, 4, 4), TimeSignature(120, 3, 4))
    assert bar_lines(meter, 300, 24).tolist() == [0, 96, 120, 192, 264]
    assert bar_lines(meter, 264, 24).tolist() == [0, 96, 120, 192, 264]


@given(meters, st.integers(0, 900))
def test_bar_lines_are_where_the_place_is_zero(meter: Meter, end: int) -> None:
    lines = bar_lines(meter, end, 24)
    steps = np.arange(lines[0], end + 1)
    assert lines[0] <= 0
    assert np.array_equal(lines, steps[places(meter, steps, 24)[0] == 0])
    assert (lines > 0).all() or (lines <= 0).sum() == 1


@given(meters, st.integers(0, 900))
def test_bars_are_the_same_counted_from_elsewhere(meter: Meter, origin: int) -> None:
    steps = np.arange(200)
    before = places(meter, origin + steps, 24)
    behind = places(moved_to(meter, origin, 24), steps, 24)
    for a, b in zip(before, behind, strict=True):
        assert np.array_equal(a, b)


def test_of_what_a_file_says_what_is_no_bar_or_no_change_goes() -> None:
    def read(*found: tuple[int, int, int]) -> str:
        return as_text(tidy((TimeSignature(*s) for s in found), 400, 24))

    assert read((0, 1, 4)) == read((0, 9, 4)) == read((0, 2, 8)) == read((0, 0, 4)) == ""
    assert read((0, 1, 4), (96, 4, 4)) == "0:4/4"
    assert read((0, 4, 4), (96, 4, 4), (200, 4, 4)) == "0:4/4 200:4/4"
    assert read((0, 4, 4), (0, 3, 4)) == "0:3/4"
    assert read((100, 3, 4)) == "-44:3/4"
    assert read((96, 2, 4), (0, 3, 4)) == "0:3/4 96:2/4"
    assert read((0, 3, 4), (400, 2, 4)) == "0:3/4"
    # One bar of 2/4 before 4/4 is a pickup to it; two are not.
    assert read((0, 2, 4), (48, 4, 4)) == "-48:4/4"
    assert read((0, 2, 4), (96, 4, 4)) == "0:2/4 96:4/4"
    assert read((0, 4, 4), (96, 2, 4)) == "0:4/4 96:2/4"


@given(meters)
def test_text_gives_the_meter_back(meter: Meter) -> None:
    assert from_text(as_text(meter)) == meter


@pytest.mark.parametrize("text", ["3/4", "0:3", "0:a/4"])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        from_text(text)


def test_another_grid_has_the_same_bars() -> None:
    meter = (TimeSignature(-48, 3, 4), TimeSignature(96, 6, 8))
    assert regridded(meter, 24, 480) == (TimeSignature(-960, 3, 4), TimeSignature(1920, 6, 8))
    assert regridded(regridded(meter, 24, 480), 480, 24) == meter


def test_bars_of_a_score_make_its_meter() -> None:
    def read(*bars: tuple[int, str]) -> str:
        edges = np.cumsum([0, *(length for length, _ in bars)]).tolist()
        stated = [None if not text else (int(text[0]), int(text[2])) for _, text in bars]
        return as_text(of_bars(list(zip(edges, edges[1:], stated, strict=False)), 24))

    assert read() == read((96, "")) == read((24, "1/4"), (24, "1/4")) == ""
    assert read((24, "3/4")) == "0:3/4"
    assert read((96, ""), (72, "3/4"), (72, "3/4")) == "0:3/4 96:3/4"
    # A bar of 1/4 is none: the one behind it begins anew.
    assert read((96, "4/4"), (24, "1/4"), (96, "4/4")) == "0:4/4 120:4/4"
    # A pickup to a new meter stands in the bars of the old one.
    assert read((96, "4/4"), (72, "4/4"), (24, "3/4"), (72, "3/4")) == "0:4/4 192:3/4"
    assert read((96, "4/4"), (96, "4/4"), (24, "3/4"), (72, "3/4")) == "0:4/4 216:3/4"
    # At the end a short bar of a new meter is that.
    assert read((96, "4/4"), (96, "4/4"), (60, "3/4")) == "0:4/4 192:3/4"
    assert read((0, "4/4"), (72, "3/4"), (72, "3/4")) == "0:3/4"
