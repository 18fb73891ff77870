"""Puts written music, exact in time, on a grid as notes, repeats played or as they stand.

The readers of notation fill a `Written`: times are fractions of a quarter note from the start, so
that nothing is rounded before the grid is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from mood2music.errors import MusicFileError
from mood2music.music.meter import of_bars
from mood2music.music.notes import GRID, Notes, make_notes
from mood2music.music.stated_chords import StatedChord, chords_at
from mood2music.music.stated_key import StatedKey
from mood2music.music.tempo import mean_tempo

_Mark = TypeVar("_Mark")
# The MIDI velocity of music that says nothing about dynamics: mezzo-forte.
VELOCITY = 80
# Bars that repeats may unfold to: a score whose jumps never end is stopped there.
MOST_BARS = 20_000


@dataclass(slots=True)
class WrittenNote:
    """One note, its ties joined: start and end in quarter notes, a MIDI pitch."""

    start: Fraction
    end: Fraction
    pitch: int
    velocity: int = VELOCITY


@dataclass(slots=True)
class Bar:
    """One bar, from `start` to `end` in quarter notes, and how it is repeated.

    forward: a repeat begins with it; times: how often what ends with it is played, 1 without a
    repeat sign; endings: the passes that it is played in, () for all; jump: behind it "dacapo",
    "dalsegno" or ""; segno, coda: it is where such a jump leads; to_coda, fine: on the way back the
    piece leaves for the coda, or ends, behind it; signature: (beats, unit) that holds in it, None
    before any is written.
    """

    start: Fraction
    end: Fraction
    forward: bool = False
    times: int = 1
    endings: tuple[int, ...] = ()
    jump: str = ""
    segno: bool = False
    coda: bool = False
    to_coda: bool = False
    fine: bool = False
    signature: tuple[int, int] | None = None


@dataclass(slots=True)
class Written:
    """A score. tempos: (place in quarter notes, quarter notes a minute); drums: notes left out.

    order: bars in the order that the file itself says they are played in, None when it does not;
    key: what it says of its key at its beginning, as it sounds; chords: (place in quarter notes,
    what it says of its chords from there on, as they sound).
    """

    notes: list[WrittenNote] = field(default_factory=list)
    tempos: list[tuple[Fraction, float]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    title: str = ""
    drums: int = 0
    order: list[int] | None = None
    key: StatedKey | None = None
    chords: list[tuple[Fraction, StatedChord]] = field(default_factory=list)


def place(written: Written, name: str, grid: int = GRID, repeats: bool = False) -> Notes:
    """Put a score on a grid of `grid` steps a quarter note; `repeats` plays it with its repeats.

    name: the file's, for errors. Raises MusicFileError for a score without pitched notes.
    """
    if not written.notes:
        reason = "holds drums only" if written.drums else "holds no pitched notes"
        raise MusicFileError(f"{name} {reason}")
    if repeats:
        written = unfold(written)
    onset = [round(note.start * grid) for note in written.notes]
    end = [round(note.end * grid) for note in written.notes]
    bars = [(round(b.start * grid), round(b.end * grid), b.signature) for b in written.bars]
    last = max(note.end for note in written.notes)
    notes = make_notes(
        onset,
        [later - first for first, later in zip(onset, end, strict=True)],
        [note.pitch for note in written.notes],
        [note.velocity for note in written.notes],
        mean_tempo([(float(at), tempo) for at, tempo in written.tempos], float(last)),
        grid,
        written.title,
        written.drums,
        of_bars(bars, grid),
    )
    chords = chords_at(chord._replace(step=round(at * grid)) for at, chord in written.chords)
    return replace(notes, stated_key=written.key, chords=chords)


def unfold(written: Written) -> Written:
    """Write out repeats, endings, da capo and dal segno: each bar as often as it is played.

    A note that sounds on behind a bar is cut where the next bar played is not the next one written.
    """
    bars = written.bars
    order = playing_order(bars) if written.order is None else written.order
    if order == list(range(len(bars))):
        return written
    notes: list[WrittenNote] = []
    tempos: list[tuple[Fraction, float]] = []
    chords: list[tuple[Fraction, StatedChord]] = []
    # Parts say theirs bar by bar, one part behind the other; of several at one place the first.
    said = sorted(dict(reversed(written.chords)).items())
    played: list[Bar] = []
    now = Fraction(0)
    for first, last in _runs(order):
        start, end = bars[first].start, bars[last].end
        shift = now - start
        tempos += _within(written.tempos, start, end, shift)
        chords += _within(said, start, end, shift)
        notes += [
            WrittenNote(n.start + shift, min(n.end, end) + shift, n.pitch, n.velocity)
            for n in written.notes
            if start <= n.start < end
        ]
        played += [
            Bar(bar.start + shift, bar.end + shift, signature=bar.signature)
            for bar in bars[first : last + 1]
        ]
        now += end - start
    return replace(written, notes=notes, tempos=tempos, bars=played, order=None, chords=chords)


def _within(
    marks: Sequence[tuple[Fraction, _Mark]], start: Fraction, end: Fraction, shift: Fraction
) -> list[tuple[Fraction, _Mark]]:
    """The mark that holds where a run of bars begins, then those within it, moved along."""
    before = [mark for at, mark in marks if at <= start]
    held = [(start + shift, before[-1])] if before else []
    return held + [(at + shift, mark) for at, mark in marks if start < at < end]


def _runs(order: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours: [0, 1, 0, 1, 2] gives (0, 1) and (0, 2)."""
    first = 0
    for i in range(1, len(order) + 1):
        if i == len(order) or order[i] != order[i - 1] + 1:
            yield order[first], order[i - 1]
            first = i


def playing_order(bars: Sequence[Bar]) -> list[int]:
    """Follow repeat signs, endings and jumps; behind a jump back, repeats are not taken again.

    >>> a, b = Fraction(4), Fraction(8)
    >>> playing_order([Bar(Fraction(0), a, times=2), Bar(a, b)])
    [0, 0, 1]
    """
    order: list[int] = []
    begin = bar = 0
    turn, back = 1, False
    while bar < len(bars) and len(order) < MOST_BARS:
        here = bars[bar]
        if bar and (here.forward or (bars[bar - 1].endings and not here.endings)) and bar != begin:
            begin, turn = bar, 1
        if here.endings:
            wanted = max(_endings(bars, bar)) if back else turn
            if wanted not in here.endings:
                bar += 1
                continue
        order.append(bar)
        if back and here.fine:
            break
        if back and here.to_coda:
            bar = next((i for i in range(bar + 1, len(bars)) if bars[i].coda), len(bars))
            continue
        if not back and turn < max(here.times, *(_endings(bars, bar) if here.times > 1 else (0,))):
            turn, bar = turn + 1, begin
            continue
        if here.times > 1 and not here.endings:
            begin, turn = bar + 1, 1
        if here.jump and not back:
            back, turn = True, 1
            bar = (
                next((i for i, b in enumerate(bars) if b.segno), 0)
                if here.jump == "dalsegno"
                else 0
            )
            begin = bar
            continue
        bar += 1
    return order


def _endings(bars: Sequence[Bar], bar: int) -> list[int]:
    """All passes that the endings around a bar are for; none where it stands in no ending."""
    if not bars[bar].endings:
        return [0]
    first = last = bar
    while first and bars[first - 1].endings:
        first -= 1
    while last + 1 < len(bars) and bars[last + 1].endings:
        last += 1
    return [turn for other in bars[first : last + 1] for turn in other.endings]
