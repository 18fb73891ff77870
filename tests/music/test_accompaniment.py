from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.accompaniment import _fill, accompanied
from mood2music.music.key import Key, find_key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.patterns import PLAYERS, Span
from mood2music.music.stated_chords import NO_CHORD, StatedChord
from mood2music.music.tune import is_bare
from mood2music.music.voicing import BASS

# Twinkle, twinkle, little star: its chords are in every songbook.
TWINKLE = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60]
LENGTHS = [24] * 6 + [48] + [24] * 6 + [48]


def tune(pitches: list[int], lengths: list[int], beats: int = 4) -> Notes:
    onset = np.cumsum([0, *lengths[:-1]])
    meter = (TimeSignature(0, beats, 4),)
    return make_notes(onset, lengths, pitches, [80] * len(pitches), meter=meter)


@pytest.mark.parametrize("pattern", PLAYERS)
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
    assert min(p for _, p in below) >= BASS[0]
    for onset, pitch in below:
        sounding = (notes.onset <= onset) & (notes.onset + notes.duration > onset)
        assert pitch < notes.pitch[sounding].min()


def below(notes: Notes, pattern: str) -> list[tuple[int, int, int]]:
    """What is added: (onset, duration, pitch)."""
    full = accompanied(notes, pattern)
    rows = zip(full.onset.tolist(), full.duration.tolist(), full.pitch.tolist(), strict=True)
    own = set(zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True))
    return [row for row in rows if (row[0], row[2]) not in own]


def test_chords_are_of_the_key_of_the_song_where_its_tune_alone_does_not_say() -> None:
    notes = tune([69, 74, 69, 74, 76, 69, 74, 74], [24] * 8)
    for mode, third in (("major", 6), ("minor", 5)):
        full = accompanied(notes, "ballad", Key(2, mode))
        assert third in full.pitch % 12
        assert 11 - third not in full.pitch % 12


def test_two_beats_are_long_enough_to_fill() -> None:
    waits = tune([76, 74, 72, 72, 76, 74, 72, 72], [24, 24, 24, 24, 24, 24, 24, 24])
    chord = Span(96, 48, 24, 12, (0, 4, 7), 48, (60, 64, 67), 48, 0, 0, True)
    played = [(96, 48, 48), (96, 48, 60), (108, 36, 64), (120, 24, 67)]
    quiet = waits.only(waits.onset < 96)
    assert _fill(chord, quiet, played) == [*played[:3], (120, 12, 60), (132, 12, 64)]
    assert _fill(chord._replace(length=47), quiet, played) == played
    assert _fill(chord, waits, played) == played, "the tune goes on"
    dotted = chord._replace(length=72, beat=36)
    rising = [(132, 12, 60), (144, 12, 64), (156, 12, 67)]
    assert _fill(dotted, quiet, [(96, 36, 48), (132, 36, 60)]) == [(96, 36, 48), *rising]
    assert _fill(dotted._replace(length=71), quiet, played) == played


def test_a_fill_rises_where_the_tune_waits_at_a_phrases_end() -> None:
    waits = [72, 74, 76, 77] * 3 + [79]
    notes = tune([*waits, *waits], ([24] * 12 + [96]) * 2)
    fill = sorted((o, p) for o, _, p in below(notes, "broken") if 15 * 24 <= o < 16 * 24)
    assert [o for o, _ in fill] == [15 * 24, 15 * 24 + 12]
    assert fill[0][1] < fill[1][1]


def test_silence_is_nothing_to_accompany() -> None:
    assert len(accompanied(make_notes([], [], [], []))) == 0


@pytest.mark.parametrize("pattern", PLAYERS)
def test_the_chords_that_a_file_states_are_played(pattern: str) -> None:
    high = tune(TWINKLE, LENGTHS).transposed(12)
    said = (StatedChord(0, 9, (0, 3, 7, 10), 9), StatedChord(96, 2, (0, 4, 7), 6),
            NO_CHORD._replace(step=192), StatedChord(288, 4, (0, 3, 6, 9), 4))  # fmt: skip
    rows = below(replace(high, chords=said), pattern)
    bars = [{pitch % 12 for onset, _, pitch in rows if onset // 96 == bar} for bar in range(4)]
    chromatic = {(low + by) % 12 for low in (9, 6, 4) for by in (1, -1)}
    chromatic = chromatic if pattern == "walking" else set()
    assert {9, 0, 7} <= bars[0] <= {9, 0, 4, 7} | chromatic
    assert {2, 6, 9} <= bars[1] <= {2, 6, 9} | chromatic
    assert bars[2] == set()
    assert {4, 7, 10, 1} >= bars[3] - chromatic
    assert next(pitch for onset, _, pitch in rows if onset == 96) % 12 == 6, "on its own bass"


def test_comping_keeps_a_stated_fifth_and_adds_no_ninth() -> None:
    high = make_notes([0, 96], [96, 96], [84, 84], [80, 80])
    raised = StatedChord(0, 7, (0, 4, 8, 10), 7)  # G7#5
    rows = below(replace(high, chords=(raised, raised._replace(step=96))), "comp")
    assert {pitch % 12 for _, _, pitch in rows} == {7, 11, 3, 5}


def test_a_stated_chord_stands_on_its_root_unless_it_says_another_bass() -> None:
    lowest = [57, 59, 53, 52, 57, 62, 60, 59, 57]
    roots = [9, 7, 5, 4, 9, 2, 9, 4, 9]  # Am G F E Am Dm Am/E E Am
    bars = [96 * i for i in range(9)]
    said = [StatedChord(at, root, (0, 3, 7), root) for at, root in zip(bars, roots, strict=True)]
    said[6] = said[6]._replace(bass=4)
    low = make_notes(bars, [96] * 9, lowest, [80] * 9)
    found = below(replace(low, chords=tuple(said)), "block")
    basses = [min(pitch for onset, _, pitch in found if onset == bar) % 12 for bar in bars]
    assert basses == [chord.bass for chord in said]


def test_a_few_chords_among_many_bars_are_not_taken_for_all() -> None:
    notes = tune(TWINKLE, LENGTHS).transposed(12)
    stray = replace(notes, chords=(StatedChord(576, 6, (0, 4, 7), 6),))
    assert below(stray, "block") == below(notes, "block")
