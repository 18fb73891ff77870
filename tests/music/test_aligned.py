from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.aligned import LEAST, offset_of, on_its_beats
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.quantize import quantize
from mood2music.music.read import read_bytes
from mood2music.music.stated_key import StatedKey
from mood2music.music.write import midi_bytes
from tests.music.rows import rows
from tests.music.test_meter_finder import march

COMMON = (TimeSignature(0, 4, 4),)


def song(later: int, grid: int = 24) -> Notes:
    """Sixteen bars of 4/4 over held chords, with dotted eighths and sixteenths, all so many steps
    behind the beats that the file states.
    """
    onset: list[float] = []
    duration: list[float] = []
    pitch: list[int] = []
    for bar in range(16):
        root = (48, 45, 41, 43)[bar % 4]
        for tone in (root, root + 12, root + 16, root + 19):
            onset.append(4 * bar)
            duration.append(4.0)
            pitch.append(tone)
        for beat in range(4):
            for part, lasts in ((0, 0.75), (0.75, 0.25)) if beat % 2 else ((0, 0.5), (0.5, 0.5)):
                onset.append(4 * bar + beat + part)
                duration.append(lasts)
                pitch.append(72 + (bar + 2 * beat + round(4 * part)) % 5)
    start, long = np.array(onset) * grid, np.array(duration) * grid
    return make_notes(np.rint(start + later), long, pitch, [80] * len(pitch), grid=grid,
                      meter=COMMON, title="aligned with a recording")  # fmt: skip


@pytest.mark.parametrize("later", [*range(2, 11), *range(14, 23)])
def test_notes_beside_every_beat_come_onto_them(later: int) -> None:
    found = on_its_beats(song(later))
    (signature,) = found.meter
    assert (signature.beats, signature.unit) == (4, 4)
    assert found.meter_found
    assert found.title == "aligned with a recording"
    # Its chords begin the bars, and every note keeps its place among the others.
    moved = int(found.onset[0])
    assert (moved - signature.step) % 96 == 0
    assert moved % 24 == 0
    there = [(onset - moved / 24, long, pitch) for onset, long, pitch in rows(found)]
    assert there == rows(song(0))


@pytest.mark.parametrize("late", [-1, 1])
def test_a_delay_is_taken_away_and_the_meter_kept(late: int) -> None:
    waltz = (TimeSignature(0, 3, 4),)
    found = on_its_beats(replace(song(24 + late), meter=waltz))
    assert rows(found) == rows(song(24))
    assert found.meter == waltz
    assert not found.meter_found


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ((), (4, 4)),
        (((0, 2, 4),), (2, 4)),
        (((0, 4, 4),), (4, 4)),
        (((0, 2, 2),), (4, 4)),
        (((0, 3, 4),), (3, 4)),
        (((0, 7, 16),), (4, 4)),
    ],
)
def test_the_signature_that_is_stated_is_kept_and_else_a_song_has_four_beats(
    stated: tuple[tuple[int, int, int], ...], found: tuple[int, int]
) -> None:
    later = march(24)
    later = make_notes(later.onset + 5, later.duration, later.pitch, later.velocity,
                       meter=tuple(TimeSignature(*s) for s in stated))  # fmt: skip
    back = on_its_beats(later)
    (signature,) = back.meter
    assert (signature.beats, signature.unit) == found
    # The march has two beats in all of its bars, so nothing says where three begin.
    assert (back.onset[0] - signature.step) % (24 if found == (3, 4) else 48) == 0


@pytest.mark.parametrize("later", [0, 12])
def test_notes_on_the_files_eighths_are_left_as_they_are(later: int) -> None:
    notes = song(later)
    assert on_its_beats(notes) is notes


def test_sixteenths_are_no_longer_read_as_triplets() -> None:
    content = midi_bytes(song(58, 480))
    places = set((quantize(read_bytes(content, "song.mid")).onset % 24).tolist())
    assert places == {0, 12, 18}


def test_triplets_beside_the_beats_come_onto_them() -> None:
    onset = np.concatenate([24 * beat + np.array([0, 0, 16]) for beat in range(32)])
    pitch = 60 + np.arange(96) % 7
    swung = make_notes(onset + 5, [8] * 96, pitch, [80] * 96, meter=COMMON)
    assert set((on_its_beats(swung).onset % 24).tolist()) == {0, 16}


def test_what_is_played_by_hand_is_left_as_it_is() -> None:
    rng = np.random.default_rng(0)
    notes = song(3)
    human = make_notes(notes.onset + rng.integers(0, 6, len(notes)), notes.duration, notes.pitch,
                       notes.velocity, meter=COMMON)  # fmt: skip
    assert on_its_beats(human) is human


def test_a_few_notes_say_nothing() -> None:
    count = LEAST - 1
    few = make_notes(np.arange(count) * 24 + 3, [12] * count, [60] * count, [80] * count)
    assert offset_of(few) == 0


def test_syncopes_on_the_beats_that_are_stated_stay() -> None:
    """A third of the notes come a sixteenth early, as in pop: the eighths have the most still."""
    notes = song(0)
    early = np.where(np.arange(len(notes)) % 3 == 0, notes.onset - 6, notes.onset)
    pushed = make_notes(np.maximum(early, 0), notes.duration, notes.pitch, notes.velocity,
                        meter=COMMON)  # fmt: skip
    assert on_its_beats(pushed) is pushed


def test_a_note_that_comes_before_a_delay_begins_the_piece() -> None:
    notes = song(25)
    early = make_notes([0, *notes.onset], [12, *notes.duration], [40, *notes.pitch],
                       [80] * (len(notes) + 1), meter=COMMON)  # fmt: skip
    found = on_its_beats(early)
    assert found.onset[found.pitch == 40].tolist() == [0]
    assert found.onset[1] == 24


def test_the_stated_key_stays() -> None:
    notes = replace(song(9), stated_key=StatedKey(7))
    assert on_its_beats(notes).stated_key == StatedKey(7)
