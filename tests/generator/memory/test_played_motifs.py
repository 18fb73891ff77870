from collections import Counter

import numpy as np

from mood2music.generator.memory.bar_counts import FRESH, BarCounts
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guide, Guiding
from mood2music.generator.memory.kinds import IN_RHYTHM, MOTIF, NEW
from mood2music.generator.memory.motif_counts import MotifCounts
from mood2music.generator.memory.urges import URGED_MOTIF, Urge
from mood2music.music.events import from_list
from mood2music.music.meter import TimeSignature
from tests.generator.memory.test_guide import guide


def motif_form(kept: float = 0, by: int = 0) -> Form:
    tune = Counter({"new": 1, "begins": 10**9, "kept": kept, "aligned": 1})
    far, moved, long = Counter(range(2, 9)), Counter({by: 1}), Counter({4: 1})
    return Form(BarCounts({"0": Counter({FRESH: 10**9})}), MotifCounts(tune, far, moved, long))


def sing(one: Guide, pitches: list[int], start: int = 0, length: int = 24) -> int:
    for pitch in pitches:
        one.add(((36, pitch), length), start)
        start += length
    return start


def test_a_motif_is_played_again_note_by_note_at_the_pitch_it_began_on() -> None:
    one = guide(motif_form(by=2))
    now = sing(one, [60, 64, 62, 65, 67, 40, 41, 42, 62])
    heard = []
    for _ in range(4):
        (pitch,), left, code = one.point(now)
        assert (left, code) == (0, MOTIF)
        assert one.urge == Urge(pitch, 0, pitch, URGED_MOTIF, over=False)
        heard.append(pitch)
        one.add(((48, pitch), 6), now)
        now += 6
    assert heard == [66, 64, 67, 69]


def test_between_its_notes_a_motif_waits_for_the_next_in_its_rhythm() -> None:
    one = guide(motif_form(kept=1e12))
    now = sing(one, [60, 64, 62, 65, 67, 40, 41, 42, 60])
    assert one.point(now) == ((64,), 0, IN_RHYTHM)
    one.add(((36, 60 + 128), 6), now - 24)
    assert one.point(now - 18) == ((64,), 18, IN_RHYTHM)
    assert one.urge is None, "its note is not due yet"


def test_a_motif_ends_where_the_tune_leaves_it() -> None:
    one = guide(motif_form())
    now = sing(one, [60, 64, 62, 65, 67, 40, 41, 42, 60])
    assert one.point(now)[2] == MOTIF
    now = sing(one, [90], now)
    assert one.point(now)[2] == NEW


def test_with_a_theme_motifs_are_those_of_the_song() -> None:
    song = from_list([((pitch,), 24) for pitch in (70, 72, 75, 77, 74, 70)])
    one = Guide(Guiding(motif_form(), 1.0, song), (TimeSignature(0, 4, 4),), 24,
                np.random.default_rng(0))  # fmt: skip
    one.add(((70,), 6), 0)
    assert one.point(6) == ((72,), 0, MOTIF)
