import numpy as np
import pytest

from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, Constraints
from mood2music.generator.sampling.continuation import continue_events
from mood2music.generator.sampling.ending import (
    BASS,
    DOMINANT,
    LEADS,
    TONIC,
    Ending,
    Endings,
    bars_in,
    stop_after,
)
from mood2music.music.events import HELD, Events, from_list
from mood2music.music.meter import TimeSignature, places
from tests.generator.test_network import small

WALTZ = (TimeSignature(0, 3, 4),)


def context(quarters: int, beats: int = 4) -> Events:
    meter = (TimeSignature(0, beats, 4),)
    events = from_list([((48, 60 + i % 5), 24) for i in range(quarters)])
    return Events(events.tokens, events.offsets, events.durations, events.levels, meter=meter)


def written(ending: Ending, seed: int, beats: int = 4, length: int = 120) -> Events:
    (events,) = continue_events(
        small("lstm"), [context(13, beats)], length, SamplerSettings(),
        np.random.default_rng(seed), ending=ending,
    )  # fmt: skip
    return events


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("beats", [3, 4])
def test_every_piece_ends_at_a_bar_line_on_its_tonic_behind_its_dominant(
    mode: str, beats: int
) -> None:
    for seed in range(5):
        events = written(Ending(mode), seed, beats)
        assert 60 < len(events) <= 120
        end = int(events.ends()[-1])
        assert places((TimeSignature(0, beats, 4),), [end], 24)[0][0] == 0
        last = events.chord(len(events) - 1)
        assert int(events.durations[-1]) == 24 * beats
        assert last[0] % 12 == TONIC[mode][0]
        assert {pitch % 12 for pitch in last} <= set(TONIC[mode])
        assert max(last) < HELD
        half = end - 24 * beats - 24 * beats // 2
        starts = [events.start, *events.ends()[:-1].tolist()]
        for i, start in enumerate(starts[:-1]):
            if start >= half:
                assert {token % HELD % 12 for token in events.chord(i)} <= set(DOMINANT[mode])


def test_a_stop_that_is_given_is_kept_to_the_step() -> None:
    stop = stop_after(context(13), 6)
    assert stop == (16 + 24) * 24
    assert {int(written(Ending("major", stop), seed).ends()[-1]) for seed in range(5)} == {stop}


def test_a_range_without_the_root_keeps_to_the_range() -> None:
    narrow = Constraints(62, 64)
    endings = Endings(Ending("major"), [context(8)], 40, narrow)
    tokens, levels = np.array([[64]]), np.array([[5]])
    told = endings.whole(tokens, levels, np.array([True]))
    assert told[0].tolist() == [[64]]


def test_the_root_is_put_below_a_last_chord_that_lacks_it() -> None:
    endings = Endings(Ending("minor"), [context(8)] * 2, 40, FREE)
    tokens, levels = np.array([[60, 64], [45, 60]]), np.array([[5, 6], [3, 4]])
    chords, loud = endings.whole(tokens, levels, np.array([True, True]))
    assert chords.tolist() == [[45, 60, 64], [45, 60, 64]]
    assert loud.tolist() == [[5, 5, 6], [3, 4, 3]]


def test_a_root_takes_the_place_of_the_lowest_pitch_where_no_more_may_sound() -> None:
    endings = Endings(Ending("minor"), [context(8)], 40, Constraints(polyphony=2))
    tokens, levels = np.array([[60, 64]]), np.array([[5, 6]])
    chords, loud = endings.whole(tokens, levels, np.array([True]))
    assert (chords.tolist(), loud.tolist()) == ([[45, 64]], [[5, 6]])


@pytest.mark.parametrize(
    ("low", "polyphony", "drawn", "written"),
    [(65, 1, [67], [72]), (65, 1, [79], [72]), (65, 1, [72], [72]), (60, 1, [], [60]),
     (65, 3, [67, 76], [72, 76]), (65, 3, [72, 76], [72, 76]), (60, 3, [64, 67], [60, 64, 67])],
)  # fmt: skip
def test_where_no_root_lies_below_the_nearest_one_is_the_lowest(
    low: int, polyphony: int, drawn: list[int], written: list[int]
) -> None:
    free = Constraints(low, 96, polyphony=polyphony)
    endings = Endings(Ending("major"), [context(8)], 40, free)
    tokens = np.array([drawn or [PAD]])
    chords, _ = endings.whole(tokens, np.full_like(tokens, 5), np.array([True]))
    assert [p for p in chords[0].tolist() if p != PAD][: len(written)] == written


def test_a_last_chord_has_as_many_voices_as_its_context_the_uppermost_as_high() -> None:
    four = from_list([((43, 60 + i % 2, 64, 79), 24) for i in range(8)])
    endings = Endings(Ending("major"), [four, context(8)], 40, FREE)
    tokens, levels = np.array([[48], [48]]), np.array([[5], [6]])
    chords, loud = endings.whole(tokens, levels, np.array([True, True]))
    assert chords.tolist() == [[48, 72, 76, 79], [48, 55, 64, PAD]]
    assert loud.tolist() == [[5] * 4, [6, 6, 6, NO_LEVEL]]
    # What is there stays, and what the chord lacks comes first.
    tokens, levels = np.array([[48, 72, 84], [48, 64, PAD]]), np.array([[5, 6, 7], [6, 6, 8]])
    chords, _ = endings.whole(tokens, levels, np.array([True, False]))
    assert chords.tolist() == [[48, 72, 76, 84], [48, 64, PAD, PAD]]


def test_a_last_chord_of_three_voices_has_its_third() -> None:
    three = from_list([((43, 64, 79), 24) for i in range(8)])
    for drawn, most, written in (
        ([48, 67, 79], 8, [48, 67, 76, 79]),
        ([48, 55, 60, 72], 4, [48, 60, 64, 72]),  # instead of an inner voice
        ([48, 64, 72], 8, [48, 64, 72]),
        ([48, 55, 60], 8, [48, 55, 60]),  # no room for it
    ):
        endings = Endings(Ending("major"), [three], 40, Constraints(polyphony=most))
        tokens = np.array([drawn])
        chords, _ = endings.whole(tokens, np.full_like(tokens, 5), np.array([True]))
        assert [p for p in chords[0].tolist() if p != PAD] == written
    endings = Endings(Ending("minor"), [three], 40, FREE)
    chords, _ = endings.whole(np.array([[45, 64, 76]]), np.array([[5, 5, 5]]), np.array([True]))
    assert chords.tolist() == [[45, 64, 72, 76]]


def test_a_last_chord_is_filled_within_the_range_and_the_polyphony() -> None:
    four = from_list([((43, 60 + i % 2, 64, 79), 24) for i in range(8)])
    endings = Endings(Ending("minor"), [four], 40, Constraints(40, 65, polyphony=3))
    chords, _ = endings.whole(np.array([[45]]), np.array([[5]]), np.array([True]))
    assert chords.tolist() == [[45, 60, 64]]


def test_seconds_become_the_nearest_whole_bars() -> None:
    assert bars_in(context(8), 30, 120) == 15
    assert bars_in(context(8, 3), 30, 120) == 20
    assert bars_in(context(8), 1, 60) == 2


def test_behind_minors_dominant_the_leading_tone_is_likelier_but_not_in_the_bass() -> None:
    end = int(context(13).ends()[-1])
    for mode, leading in (("minor", 8), ("major", 11)):
        endings = Endings(Ending(mode, stop=end + 96 + 48), [context(13)], 40, FREE)
        closing = endings.closing(np.array([end]), 13)
        assert closing is not None
        scores = closing.scores[0, :HELD]
        likelier = {p for p in range(HELD) if scores[p] == LEADS}
        high = {p for p in range(BASS, HELD) if p % 12 == leading}
        assert likelier == (high if mode == "minor" else set())
        assert {p % 12 for p in range(HELD) if np.isfinite(scores[p])} == set(DOMINANT[mode])
