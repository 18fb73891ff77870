from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.meter import TimeSignature, bar_length
from mood2music.music.notes import Notes, make_notes
from mood2music.music.phrasing import (
    DETACHED,
    SUNG,
    Articulation,
    Early,
    anticipated,
    articulated,
    in_usual_octave,
    in_usual_values,
)
from mood2music.music.stated_chords import StatedChord
from tests.music.test_accompaniment import LENGTHS, TWINKLE, tune


@pytest.mark.parametrize(("early_by", "by"), [(Early(2, 0.5), 12), (Early(4, 0.3), 6)])
def test_a_share_of_the_notes_that_may_come_a_part_of_a_quarter_early(
    early_by: Early, by: int
) -> None:
    straight = tune(TWINKLE * 4, LENGTHS * 4)
    found = anticipated(straight, early_by)
    assert found.pitch.tolist() == straight.pitch.tolist()
    early = straight.onset - found.onset
    assert set(early.tolist()) == {0, by}
    assert early[0] == 0
    assert abs((early > 0).mean() - early_by.share) < 0.15
    assert (found.onset + found.duration <= np.append(found.onset[1:], found.end)).all()
    # Those that are kept end where the next one begins, the others last so much longer.
    assert found.end == straight.end
    again = anticipated(straight, early_by)
    assert again.onset.tolist() == found.onset.tolist(), "the same ones always"


@pytest.mark.parametrize(
    ("lengths", "meter"),
    [
        ([12] * 16, ()),  # quick notes
        ([12, 24] * 8, (TimeSignature(0, 6, 8),)),  # beats of three parts
        ([24, 12, 12] * 5, ()),  # nothing is as long before and behind
    ],
)
def test_quick_notes_and_beats_of_three_parts_stay(
    lengths: list[int], meter: tuple[TimeSignature, ...]
) -> None:
    onset = np.cumsum([0, *lengths[:-1]])
    notes = make_notes(onset, lengths, [72] * len(lengths), [80] * len(lengths), meter=meter)
    assert anticipated(notes, Early(2, 0.5)).onset.tolist() == onset.tolist()


def test_eighths_come_a_sixteenth_early_only_where_a_quarter_has_four_parts() -> None:
    onset = np.arange(40) * 12
    eighths = make_notes(onset, [12] * 40, [72] * 40, [80] * 40)
    early = (onset - anticipated(eighths, Early(4, 0.5)).onset).tolist()
    assert set(early) == {0, 6}
    assert set((onset - anticipated(eighths, Early(2, 0.5)).onset).tolist()) == {0}


def test_a_note_alone_and_none_stay() -> None:
    for pitches in ([], [60]):
        notes = make_notes([0] * len(pitches), [24] * len(pitches), pitches, [80] * len(pitches))
        assert anticipated(notes, Early(4, 0.3)) is notes


def running(step: int, *signatures: tuple[int, int, int]) -> Notes:
    """64 notes so many grid steps long, behind a pickup of half a quarter."""
    meter = tuple(TimeSignature(*s) for s in signatures)
    return make_notes(12 + np.arange(64) * step, [step] * 64, 60 + np.arange(64) % 12, [80] * 64,
                      104, meter=meter)  # fmt: skip


@pytest.mark.parametrize(
    ("step", "signature", "by", "found"),
    [
        (6, (2, 4), 2, (4, 4)),  # a reel
        (6, (2, 2), 2, (4, 4)),
        (6, (4, 4), 2, (4, 4)),
        (24, (4, 2), 0.5, (4, 4)),  # a madrigal
        (24, (3, 2), 0.5, (3, 4)),
        (24, (6, 4), 0.5, (6, 8)),
        (24, (4, 4), 0.5, (4, 4)),  # a chorale
        (24, (2, 4), 0.5, (2, 4)),
    ],
)
def test_a_tune_in_other_note_values_sounds_as_it_did(
    step: int, signature: tuple[int, int], by: float, found: tuple[int, int]
) -> None:
    tune = running(step, (-36, *signature))
    other = in_usual_values(tune)
    assert [s[1:] for s in other.meter] == [found]
    assert (other.meter[0].step - (bar_length(tune.meter[0], 24) - 36) * by) % bar_length(
        other.meter[0], 24
    ) == 0
    assert other.pitch.tolist() == tune.pitch.tolist()
    assert set(np.diff(other.onset).tolist()) == {step * by}
    assert (other.onset / other.tempo).tolist() == (tune.onset / tune.tempo).tolist()
    assert (other.duration / other.tempo).tolist() == (tune.duration / tune.tempo).tolist()
    assert in_usual_values(other) is other


@pytest.mark.parametrize(
    ("step", "signature", "first"),
    [
        (24, (-72, 4, 4), -84),  # a chorale: its first whole bar begins at 24, which becomes 12
        (24, (-72, 2, 2), -84),
        (24, (-24, 2, 4), -36),
        (24, (-72, 4, 2), -36),  # each bar is one of 4/4
        (6, (-72, 4, 4), -48),  # each bar is two
    ],
)
def test_behind_a_pickup_whole_bars_stay_on_bar_lines(
    step: int, signature: tuple[int, int, int], first: int
) -> None:
    found = in_usual_values(running(step, signature))
    assert found.meter[0].step == first


@pytest.mark.parametrize(
    ("step", "meter"),
    [
        (12, [(0, 2, 4)]),  # eighths
        (6, [(0, 3, 4)]),  # no two bars of 4/4
        (24, [(0, 3, 4)]),
        (6, [(0, 2, 4), (96, 6, 8)]),
        (6, []),
    ],
)
def test_other_tunes_keep_their_note_values(step: int, meter: list[tuple[int, int, int]]) -> None:
    notes = running(step, *meter)
    assert in_usual_values(notes) is notes
    nothing = running(step, *meter).only(np.zeros(64, bool))
    assert in_usual_values(nothing) is nothing


@pytest.mark.parametrize(("step", "tempo"), [(6, 161), (24, 79)])
def test_no_tempo_leaves_what_is_played(step: int, tempo: int) -> None:
    notes = running(step, (0, 4, 4)).with_tempo(tempo)
    assert in_usual_values(notes) is notes
    nearer = notes.with_tempo(160 if step == 6 else 80)
    assert in_usual_values(nearer) is not nearer


def test_notes_that_are_too_short_to_halve_stay_in_order() -> None:
    onset, long = [0, 1, 2, 96, 192, 288], [1, 1, 94, 96, 96, 96]
    notes = make_notes(onset, long, range(60, 66), [80] * 6, meter=(TimeSignature(0, 4, 4),))
    found = in_usual_values(notes)
    assert found.onset.tolist() == [0, 0, 1, 48, 96, 144]
    assert (found.duration >= 1).all()


def test_a_meter_that_changes_does_so_where_it_did() -> None:
    found = in_usual_values(running(6, (0, 2, 4), (96, 4, 4)))
    assert found.meter == (TimeSignature(0, 4, 4), TimeSignature(192, 4, 4))


def test_stated_chords_stay_with_their_notes() -> None:
    said = (StatedChord(0, 0, (0, 4, 7), 0), StatedChord(96, 5, (0, 4, 7), 5))
    reel = replace(running(6, (0, 4, 4)), chords=said)
    assert [chord.step for chord in in_usual_values(reel).chords] == [0, 192]
    quarters = replace(tune(TWINKLE, LENGTHS), chords=said)
    assert anticipated(quarters, Early(2, 0.5)).chords == said


@pytest.mark.parametrize(("pitch", "found"), [(45, 69), (62, 74), (67, 79), (69, 69), (86, 74)])
def test_a_tune_comes_into_the_octave_of_its_style_by_most_of_its_time(
    pitch: int, found: int
) -> None:
    chords = (StatedChord(0, 7, (0, 4, 7), 7),)
    # A short high note tells nothing.
    notes = make_notes([0, 12, 24], [12, 12, 96], [pitch + 14, pitch + 14, pitch], [80] * 3)
    moved = in_usual_octave(replace(notes, chords=chords), 74.0)
    assert moved.pitch.tolist() == [found + 14, found + 14, found]
    assert moved.chords == chords
    silence = make_notes([], [], [], [])
    assert in_usual_octave(silence, 74.0) is silence


@pytest.mark.parametrize("by", [DETACHED, SUNG])
def test_notes_end_as_early_as_players_of_a_style_have_them_end(by: Articulation) -> None:
    for step, parts in ((12, by.eighths), (24, by.quarters), (48, by.longer)):
        onset = np.arange(600) * step
        legato = make_notes(onset, [step] * 600, [72 + i % 5 for i in range(600)], [80] * 600)
        found = articulated(legato, by)
        assert found.onset.tolist() == legato.onset.tolist()
        assert found.pitch.tolist() == legato.pitch.tolist()
        for part, share in parts:
            assert abs((found.duration == round(part * step)).mean() - share) < 0.05
        assert found.duration[-1] == step, "the last one is held"
        again = articulated(legato, by)
        assert again.duration.tolist() == found.duration.tolist(), "the same ones always"


def test_quick_notes_and_such_as_end_early_already_are_left_alone() -> None:
    quick = make_notes(np.arange(64) * 6, [6] * 64, [72, 74] * 32, [80] * 64)
    assert articulated(quick, DETACHED).duration.tolist() == [6] * 64
    detached = make_notes(np.arange(64) * 24, [16] * 64, [72, 74] * 32, [80] * 64)
    assert articulated(detached, DETACHED).duration.tolist() == [16] * 64
    chords = (StatedChord(0, 7, (0, 4, 7), 7),)
    stated = replace(make_notes([0, 24], [24, 24], [72, 74], [80, 80]), chords=chords)
    assert articulated(stated, SUNG).chords == chords
    alone = make_notes([0], [24], [60], [80])
    assert articulated(alone, SUNG) is alone
