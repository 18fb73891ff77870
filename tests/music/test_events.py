import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mood2music.music.events import (
    HELD,
    LONGEST,
    PLAIN,
    from_list,
    join,
    level_of,
    to_events,
    to_notes,
    velocity_of,
)
from mood2music.music.meter import Meter, TimeSignature, places
from mood2music.music.notes import Notes, make_notes

note_lists = st.lists(
    st.tuples(st.integers(0, 500), st.integers(1, 700), st.integers(0, 127)),
    min_size=1,
    max_size=60,
)


def piece(rows: list[tuple[int, int, int]]) -> Notes:
    onset, duration, pitch = zip(*rows, strict=True)
    return make_notes(onset, duration, pitch, [80] * len(rows))


@given(note_lists)
def test_events_give_back_every_pitch_onset_and_duration(rows: list[tuple[int, int, int]]) -> None:
    notes = piece(rows)
    back = to_notes(to_events(notes))
    for name in ("onset", "duration", "pitch"):
        assert np.array_equal(getattr(notes, name), getattr(back, name))


def test_a_held_bass_under_a_new_note_reads_as_in_the_docstring() -> None:
    events = to_events(make_notes([0, 24], [48, 24], [60, 67], [80, 80]))
    assert events.as_list() == [((60,), 24), ((60 + HELD, 67), 24)]


def test_silence_becomes_a_rest_also_before_the_first_note() -> None:
    events = to_events(make_notes([12, 48], [12, 12], [60, 60], [80, 80]))
    assert events.as_list() == [((), 12), ((60,), 12), ((), 24), ((60,), 12)]


def test_a_long_note_is_split_and_held() -> None:
    events = to_events(make_notes([0], [LONGEST + 5], [60], [80]))
    assert events.as_list() == [((60,), LONGEST), ((60 + HELD,), 5)]


def test_a_pitch_struck_twice_in_a_row_stays_two_notes() -> None:
    notes = make_notes([0, 12], [12, 12], [60, 60], [80, 80])
    assert to_events(notes).as_list() == [((60,), 12), ((60,), 12)]
    assert len(to_notes(to_events(notes))) == 2


def test_a_held_pitch_that_did_not_sound_is_struck() -> None:
    assert to_notes(from_list([((60 + HELD,), 6)])).pitch.tolist() == [60]


def test_a_slice_knows_where_it_starts() -> None:
    events = to_events(make_notes([0, 10, 25], [10, 15, 5], [60, 62, 64], [80] * 3))
    part = events[1:]
    assert part.as_list() == [((62,), 15), ((64,), 5)]
    assert part.start == 10
    assert part.ends().tolist() == [25, 30]
    assert part[1:].start == 25


WALTZ = (TimeSignature(0, 3, 4),)
PICKUP = (TimeSignature(-48, 3, 4), TimeSignature(96, 2, 4))


@pytest.mark.parametrize(
    ("start", "meter", "onset"),
    [
        (10, (), 10), (24, (), 24), (96, (), 0), (130, (), 34), (-1, (), 95),
        (72, WALTZ, 0), (97, WALTZ, 25), (-1, WALTZ, 71),
        (0, PICKUP, 0), (10, PICKUP, 10), (24, PICKUP, 0), (95, PICKUP, 71), (96, PICKUP, 0),
        (143, PICKUP, 47), (145, PICKUP, 1),
    ],
)  # fmt: skip
def test_the_first_event_keeps_its_place_in_the_bar(start: int, meter: Meter, onset: int) -> None:
    events = from_list([((60,), 6), ((62,), 60)], start=start, meter=meter)
    notes = to_notes(events)
    assert notes.onset.tolist() == [onset, onset + 6]
    assert onset == start - events.origin
    # Whatever step a note stands on, its place in the bar is what it was.
    before = places(meter, start + np.arange(66), 24)
    behind = places(notes.meter, onset + np.arange(66), 24)
    assert all(np.array_equal(a, b) for a, b in zip(before, behind, strict=True))


def test_events_know_where_in_the_bar_they_end() -> None:
    events = from_list([((60,), 24), ((62,), 72), ((64,), 30)], start=24, meter=PICKUP)
    place, length, compound = events.bar_places()
    assert place.tolist() == [24, 24, 6]
    assert length.tolist() == [72, 48, 48]
    assert not compound.any()


def test_meter_stays_from_notes_to_events_and_back() -> None:
    notes = make_notes([0, 30], [30, 200], [60, 62], [80, 80], meter=PICKUP)
    events = to_events(notes)
    assert [e.meter for e in (events, events[1:], join([events[:1], events[1:]]))] == [PICKUP] * 3
    assert to_notes(events).meter == PICKUP
    assert to_events(make_notes([], [], [], [], meter=PICKUP)).meter == PICKUP


def test_join_of_slices_is_the_whole() -> None:
    events = to_events(piece([(0, 9, 60), (3, 30, 64), (20, 4, 67)]))
    assert join([events[:2], events[2:]]).as_list() == events.as_list()
    assert join([]).as_list() == []


def test_every_velocity_lies_in_the_step_of_its_level() -> None:
    velocity = np.arange(1, 128)
    assert np.array_equal(level_of(velocity_of(level_of(velocity))), level_of(velocity))
    assert np.abs(velocity_of(level_of(velocity)).astype(int) - velocity).max() <= 8
    assert sorted(set(level_of(velocity).tolist())) == list(range(8))


@given(note_lists, st.integers(0, 2**32))
def test_events_give_back_dynamics_in_eight_steps(
    rows: list[tuple[int, int, int]], seed: int
) -> None:
    onset, duration, pitch = zip(*rows, strict=True)
    velocity = np.random.default_rng(seed).integers(1, 128, len(rows))
    notes = make_notes(onset, duration, pitch, velocity)
    back = to_notes(to_events(notes))
    assert np.array_equal(level_of(back.velocity), level_of(notes.velocity))


def test_a_slice_that_begins_with_a_held_note_knows_how_loud_it_was_struck() -> None:
    events = to_events(make_notes([0, 24], [48, 24], [60, 67], [120, 20]))
    assert to_notes(events[1:]).velocity.tolist() == velocity_of(level_of([120, 20])).tolist()


def test_listed_events_play_plainly_unless_told() -> None:
    assert from_list([((60,), 6)]).levels.tolist() == [PLAIN]
    assert from_list([((60, 64), 6)], levels=[1, 7]).levels.tolist() == [1, 7]


def test_events_keep_their_grid() -> None:
    notes = make_notes([0, 12], [12, 18], [60, 64], [80, 80], grid=12)
    events = to_events(notes)
    joined = (join([events]), join([events[:1], events]))
    assert [part.grid for part in (events, events[1:], *joined)] == [12] * 4
    assert to_notes(events).grid == 12
    assert to_events(make_notes([], [], [], [], grid=12)).grid == 12


def test_events_keep_their_types_however_they_are_made() -> None:
    two = [((60,), 24), ((62,), 10)]
    for events in (
        from_list(two), from_list([]), join([]), join([from_list(two), from_list(two)]),
        from_list(two)[1:],
        to_events(make_notes([0, 24], [48, 24], [60, 67], [80, 80])),
    ):  # fmt: skip
        arrays = (events.tokens, events.offsets, events.durations, events.levels)
        assert [a.dtype for a in arrays] == [np.uint8, np.int64, np.int16, np.uint8]
        assert type(events.start) is int
    notes = to_notes(from_list(two))
    assert (notes.title, notes.tempo) == ("", 120.0)
    assert to_notes(from_list(two), 90.0, "x").title == "x"


def test_voices_are_what_sounds_at_once_and_silence_does_not_count() -> None:
    # C alone for two steps, C E G for four, nothing for ten: (2 + 12) / 6.
    c, e, g = 60, 64, 67
    events = to_events(make_notes([0, 2, 2, 2], [2, 4, 4, 4], [c, c, e, g], [80] * 4, grid=4))
    assert events.voices() == pytest.approx(14 / 6)
    assert to_events(make_notes([], [], [], [])).voices() == 0.0
