import numpy as np
import pytest

from experiments.form.measure import chroma, chroma_likeness, cut, ratio, shared_notes
from mood2music.music.notes import Notes, make_notes
from tests.conftest import tune


def moved(notes: Notes, steps: int) -> Notes:
    """The same notes later."""
    return make_notes(
        notes.onset + steps, notes.duration, notes.pitch, notes.velocity, notes.tempo, notes.grid
    )


def test_a_section_is_found_again_in_itself_and_less_in_another() -> None:
    one, other = tune(1), tune(2)
    assert shared_notes(one, one) == 1
    assert chroma_likeness(one, one) == pytest.approx(1)
    assert shared_notes(one, other) < 0.5
    assert chroma_likeness(one, other) < 0.9


def test_chroma_finds_a_section_that_comes_later() -> None:
    one = tune(1)
    assert chroma_likeness(one, moved(one, 10 * one.grid)) == pytest.approx(1)


def test_notes_shared_are_counted_in_pairs() -> None:
    one = make_notes([0, 24, 48, 72], [24] * 4, [60, 62, 64, 65], [80] * 4)
    other = make_notes([0, 24, 48, 72], [24] * 4, [60, 62, 64, 70], [80] * 4)
    assert shared_notes(one, other) == pytest.approx(2 / 3)


def test_a_sixteenth_counts_the_steps_that_sound_in_it() -> None:
    frames = chroma(make_notes([0, 3], [9, 6], [60, 64], [80, 80]))
    assert frames.shape == (2, 12)
    assert frames[:, [0, 4]].tolist() == [[6, 3], [3, 3]]


def test_a_cut_starts_at_nought() -> None:
    notes = make_notes([0, 24, 48], [24] * 3, [60, 62, 64], [80] * 3)
    part = cut(notes, 24, 48)
    assert (part.onset.tolist(), part.pitch.tolist()) == ([0], [62])


def test_the_ratio_is_that_of_the_means() -> None:
    assert ratio([(0.8, 0.2), (0.4, 0.2)]).startswith("3.00 [")
    assert ratio([(float(x), 1.0) for x in np.full(5, 2.0)]) == "2.00 [2.00, 2.00]"
