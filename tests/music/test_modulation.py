from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.modulation import in_one_key, modulation
from mood2music.music.notes import Notes, make_notes
from mood2music.music.read import read_corpus
from mood2music.music.stated_chords import StatedChord

COMMON = (TimeSignature(0, 4, 4),)
# C, G, A minor and F, a bar each.
CHORDS = ((48, 52, 55), (43, 47, 50), (45, 48, 52), (41, 45, 48))


def song(*keys: int, bars: int = 8) -> Notes:
    """So many bars in each key, semitones above C, with a tune of five notes of its scale."""
    onset: list[int] = []
    pitch: list[int] = []
    for i, key in enumerate(np.repeat(keys, bars).tolist()):
        onset += [96 * i] * 3 + [96 * i + 24 * beat for beat in range(4)]
        pitch += [key + p for p in CHORDS[i % 4]]
        pitch += [key + (72, 74, 76, 79, 81)[(i + beat) % 5] for beat in range(4)]
    duration = ([96] * 3 + [24] * 4) * (bars * len(keys))
    return make_notes(onset, duration, pitch, [80] * len(pitch), meter=COMMON, title="song")


def trio(by: int) -> Notes:
    """Sixteen bars in C, and eight of other music a step above."""
    other = song(0, 0, by)
    late = other.onset >= 16 * 96
    onset = np.where(late & (other.pitch > 60), other.onset + 12, other.onset)
    pitch = np.where(late & (other.pitch <= 60), other.pitch - 5, other.pitch)
    return make_notes(onset, other.duration, pitch, other.velocity, meter=COMMON)


def in_c(*keys: int) -> list[int]:
    return song(*[0] * len(keys)).pitch.tolist()


@pytest.mark.parametrize("by", [1, 2])
def test_the_last_chorus_comes_back_into_the_key_of_the_others(by: int) -> None:
    pumped = song(0, 0, by)
    assert modulation(pumped) == (16 * 96, by)
    found = in_one_key(pumped)
    assert sorted(found.pitch.tolist()) == sorted(in_c(0, 0, 0))
    assert (found.title, found.meter) == (pumped.title, pumped.meter)


@pytest.mark.parametrize(
    "notes",
    [
        song(0, 0, 0),
        song(0, 7, 0),  # to the dominant and back
        song(0, 5),
        trio(2),
        song(0, bars=3),
        make_notes([], [], [], []),
        make_notes([0], [96], [60], [80]),
    ],
    ids=["one key", "dominant", "subdominant", "trio", "short", "empty", "one note"],
)
def test_other_music_stays_as_it_is(notes: Notes) -> None:
    assert in_one_key(notes) is notes


def test_nothing_is_moved_beyond_the_keyboard() -> None:
    pumped = song(0, 0, 2)
    low = replace(pumped, pitch=pumped.pitch - 41)
    assert modulation(low) == (16 * 96, 2)
    lower = replace(pumped, pitch=pumped.pitch - 42)
    lower.pitch[-20] = 1  # a step below would be none
    assert in_one_key(lower) is lower


@pytest.mark.parametrize(
    "name", ["bach/bwv66.6", "mozart/k155/movement2", "haydn/opus1no1/movement1"]
)
def test_classical_music_that_modulates_stays_as_it_is(name: str) -> None:
    notes = read_corpus(name)
    assert in_one_key(notes) is notes


def test_stated_chords_are_brought_back_too() -> None:
    said = tuple(StatedChord(96 * bar, bar // 8, (0, 4, 7), bar // 8) for bar in (0, 7, 8, 15))
    found = in_one_key(replace(song(0, 1), chords=said))
    assert [(chord.step // 96, chord.root) for chord in found.chords] == [
        (0, 0), (7, 0), (8, 0), (15, 0)
    ]  # fmt: skip
