import numpy as np
import pytest

from mood2music.music.downbeat import STATED, accents, on_its_downbeat
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes


def song(pickup: int, meter: tuple[TimeSignature, ...] = STATED) -> Notes:
    """Sixteen bars of held chords over a bass, quarter notes above; `pickup` beats before."""
    onset, duration, pitch = [], [], []
    for bar in range(16):
        root = (48, 45, 41, 43)[bar % 4]
        begin = 24 * (4 * bar + pickup)
        for tone in (root, root + 12, root + 16, root + 19):
            onset.append(begin)
            duration.append(96)
            pitch.append(tone)
        for beat in range(4):
            onset.append(begin + 24 * beat)
            duration.append(20)
            pitch.append(72 + (bar + 2 * beat) % 5)
    for beat in range(pickup):
        onset.append(24 * beat)
        duration.append(20)
        pitch.append(74)
    return make_notes(onset, duration, pitch, [80] * len(onset), meter=meter)


@pytest.mark.parametrize("pickup", [0, 1, 2, 3])
def test_bars_begin_where_the_chords_do(pickup: int) -> None:
    found = on_its_downbeat(song(pickup))
    first = 24 * (pickup - 4) if pickup else 0
    assert found.meter == (TimeSignature(first, 4, 4),)


def test_harmony_changes_where_its_pitch_classes_do() -> None:
    chords = [(48, 52, 55)] * 2 + [(50, 53, 57)] * 2 + [(48, 64)] * 2
    rows = [(24 * beat, p) for beat, chord in enumerate(chords) for p in chord]
    onset, pitch = zip(*rows, strict=True)
    change = accents(make_notes(onset, [24] * len(rows), pitch, [80] * len(rows)))[3]
    # Two quarters beside the two before: C or D minor alone, and both.
    assert np.allclose(change[2:5], [1, 1 - 5 / np.sqrt(5 * 6), 1])
    long = accents(make_notes([0, 24], [72, 48], [60, 67], [80] * 2))[3]
    assert np.allclose(long, [0, 0, 1 - 3 / np.sqrt(2 * 5), 1])


def test_another_meter_is_taken_at_its_word() -> None:
    for meter in ((TimeSignature(0, 2, 4),), (TimeSignature(-24, 4, 4),), ()):
        notes = song(1, meter)
        assert on_its_downbeat(notes) is notes


def test_music_that_says_little_keeps_what_is_stated() -> None:
    rng = np.random.default_rng(0)
    even = make_notes(np.arange(64) * 24, [24] * 64, rng.integers(60, 72, 64), [80] * 64,
                      meter=STATED)  # fmt: skip
    assert on_its_downbeat(even) is even
    short = song(1).until(4)
    assert on_its_downbeat(short) is short
