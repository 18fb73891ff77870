import numpy as np
import pytest

from mood2music.music.accompaniment import (
    BASS,
    CHORDS,
    PATTERNS,
    accompanied,
    chords_of,
    is_bare,
)
from mood2music.music.key import Key, find_key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes

# Twinkle, twinkle, little star: its chords are in every songbook.
TWINKLE = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60]
LENGTHS = [24] * 6 + [48] + [24] * 6 + [48]


def tune(pitches: list[int], lengths: list[int], beats: int = 4) -> Notes:
    onset = np.cumsum([0, *lengths[:-1]])
    meter = (TimeSignature(0, beats, 4),)
    return make_notes(onset, lengths, pitches, [80] * len(pitches), meter=meter)


def test_a_known_tune_gets_its_chords() -> None:
    notes = tune(TWINKLE, LENGTHS)
    begins = np.arange(8) * 48
    degrees = chords_of(notes, Key(0, "major"), begins, np.full(8, 48))
    roots = [CHORDS["major"][degree].root for degree in degrees]
    # c c g g a a g, f f e e d d c; what shares a tune's notes may stand for the songbook's chord.
    assert (roots[0], roots[7]) == (0, 0)
    assert roots[2] in (5, 9)
    assert roots[5] in (0, 9)
    assert roots[6] in (7, 2)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("shift", [0, 5])
def test_a_bare_tune_is_bare_no_longer_and_itself_above_it(pattern: str, shift: int) -> None:
    notes = tune(TWINKLE, LENGTHS).transposed(shift)
    assert is_bare(notes)
    full = accompanied(notes, pattern)
    assert not is_bare(full)
    assert find_key(full) == find_key(notes) == Key(shift, "major")
    assert full.end == notes.end
    assert full.meter == notes.meter
    own = set(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True))
    assert own <= set(zip(full.onset.tolist(), full.pitch.tolist(), strict=True))
    below = [(o, p) for o, p in zip(full.onset.tolist(), full.pitch.tolist(), strict=True)
             if (o, p) not in own]  # fmt: skip
    assert min(p for _, p in below) >= BASS
    for onset, pitch in below:
        sounding = (notes.onset <= onset) & (notes.onset + notes.duration > onset)
        assert pitch < notes.pitch[sounding].min()


def test_a_minor_tune_closes_on_its_tonic() -> None:
    notes = tune([69, 71, 72, 74, 76, 72, 71, 68, 69], [24] * 8 + [96])
    full = accompanied(notes)
    last = full.pitch[full.onset == full.onset.max()]
    assert int(last.min()) % 12 == 9


def test_a_waltz_has_its_bass_on_the_first_beat() -> None:
    notes = tune([67, 64, 64, 65, 62, 62, 60, 62, 64, 60, 60, 60], [24] * 12, beats=3)
    full = accompanied(notes, "stride")
    low = full.onset[full.pitch < BASS + 12]
    assert (low % 72).max() == 0
    assert len(low) == 4


def test_a_chorale_is_not_bare_and_silence_is_nothing_to_accompany() -> None:
    chorale = make_notes([0, 0, 24, 24], [24] * 4, [48, 64, 50, 65], [80] * 4)
    assert not is_bare(chorale)
    nothing = make_notes([], [], [], [])
    assert not is_bare(nothing)
    assert len(accompanied(nothing)) == 0
