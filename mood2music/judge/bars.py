"""Measures what bars are to a piece: how alike they are, and where in them its onsets fall."""

import numpy as np

from mood2music.arrays import Floats
from mood2music.judge.statistics import entropy
from mood2music.music.meter import places
from mood2music.music.notes import Notes

# Steps of a quarter note that onsets are counted in: sixteenths.
STEPS = 4
# Bars of a passage that may go round, and what two bars have in common of their strikes, the
# intersection over the union (Jaccard 1912, New Phytologist 11), from which on they are alike.
PASSAGES, ALIKE = range(1, 9), 0.6
# Bars apart that belong together where phrases have four bars, and those between.
PHRASES, BETWEEN = (4, 8), (3, 5, 7)


def bar_likeness(notes: Notes) -> float | None:
    """Mean over bars of the best likeness to an earlier one, 0 to 1; None with fewer than two.

    A bar is the set of (place in the bar, pitch) of the notes struck in it; the likeness of two is
    Dice's coefficient 2 |a & b| / (|a| + |b|) (Dice 1945, Ecology 26), the F1 score of the one as a
    guess at the other. Bars without onsets are left out, and so is the first, which has no earlier
    one. Bars are the meter's, of 4/4 where the piece states none, here and below.
    """
    struck = _bars(notes, 128)
    if len(struck) < 2:
        return None
    return float(np.tril(_dice(struck), -1).max(1)[1:].mean())


def phrase_likeness(notes: Notes) -> float | None:
    """How much more alike bars are that lie whole phrases apart, -1 to 1; None with up to 8 bars.

    The mean likeness of bars PHRASES apart less that of bars BETWEEN apart. A bar is the set of
    (place in the bar, pitch class) of what is struck in it, and likeness is Dice's coefficient as
    in `bar_likeness`. Music in phrases of four bars, as most of the styles here is (hypermeter:
    Lerdahl & Jackendoff 1983, "A Generative Theory of Tonal Music"), returns after four and eight
    bars, by its tune or its chords alone; what is put together of bars from anywhere has 0. Bars
    without onsets are left out.
    """
    struck = _bars(notes, 12)
    if len(struck) <= max(PHRASES):
        return None
    likeness = _dice(struck)
    whole, between = (
        np.mean([np.diagonal(likeness, apart).mean() for apart in lags])
        for lags in (PHRASES, BETWEEN)
    )
    return float(whole - between)


def bar_loops(notes: Notes) -> float | None:
    """Share of bars that go round, 0 to 1; None without any.

    A bar does that takes a passage of up to eight bars into its third lap or a later one, a bar
    alone into its fourth. Two bars are alike when ALIKE of what they strike, by place in the bar
    and pitch class, is common to both. Bars without onsets are left out.

    A A A A B -> 1/5;  A B A B A B C -> 2/7;  A B C A B C -> 0
    """
    struck = _bars(notes, 12)
    if not len(struck):
        return None
    common, sizes = struck @ struck.T, struck.sum(1)
    alike = common >= ALIKE * (sizes[:, None] + sizes - common)
    round_again = np.zeros(len(struck), bool)
    for bars in PASSAGES:
        run = 0  # of bars alike to the one so many bars before
        for bar in range(bars, len(struck)):
            run = run + 1 if alike[bar, bar - bars] else 0
            round_again[bar] |= run > max(bars, 2)
    return float(round_again.mean())


def bar_autocorrelation(notes: Notes) -> float | None:
    """Autocorrelation of the onset strength at a lag of one bar, 0 to 1; None within one bar.

    x(t) is how many notes are struck in the t-th sixteenth from the first onset's, and the measure
    is sum x(t) x(t + bar) / sum x(t)^2, as meter is found from onsets (Brown 1993, "Determination
    of the meter of musical scores by autocorrelation", JASA 94); the bar is that of the meter which
    most notes stand in. The mean is not taken away: even eighths come near 1.
    """
    if not len(notes):
        return None
    step = notes.onset * STEPS // notes.grid
    strength = np.bincount(step - step.min()).astype(float)
    lag = _commonest_bar(notes)[0] * STEPS // notes.grid
    if len(strength) <= lag:
        return None
    return float(strength[lag:] @ strength[:-lag] / (strength @ strength))


def beat_preference(notes: Notes) -> float | None:
    """Bits by which onsets prefer some beats of the bar: log2(beats) - H(beat); None without notes.

    H is the entropy of the beat that a note is struck in, over bars of the meter that most notes
    stand in: 0 bits when all beats have as many notes, 2 when all of a 4/4 bar fall in one of them.
    Beats are quarter notes, dotted ones in compound meters, eighths where the bar is no whole
    number of quarters. It is the divergence from a uniform profile (onsets that follow the metrical
    hierarchy: Palmer & Krumhansl 1990, JEP:HPP 16), the same when a piece is moved by whole beats.
    """
    if not len(notes):
        return None
    bar, compound = _commonest_bar(notes)
    beat = notes.grid * 3 // 2 if compound else notes.grid
    if bar % beat:
        beat = notes.grid // 2
    place, length, _ = places(notes.meter, notes.onset, notes.grid)
    counts = np.bincount(place[length == bar] // beat, minlength=bar // beat)
    return float(np.log2(len(counts))) - entropy(counts)


def _bars(notes: Notes, pitches: int) -> Floats:
    """What each bar strikes: (bars, kinds), 1 for a kind it has, else 0.

    A kind is a place in the bar and a pitch, counted modulo `pitches`.
    """
    place, _, _ = places(notes.meter, notes.onset, notes.grid)
    lines, row = np.unique(notes.onset - place, return_inverse=True)
    kinds, kind = np.unique(place * pitches + notes.pitch % pitches, return_inverse=True)
    struck = np.zeros((len(lines), len(kinds)), np.float32)
    struck[row, kind] = 1
    return struck


def _dice(struck: Floats) -> Floats:
    """Dice's coefficient of every two bars: (bars, bars)."""
    sizes = struck.sum(1)
    likeness: Floats = 2 * (struck @ struck.T) / (sizes[:, None] + sizes)
    return likeness


def _commonest_bar(notes: Notes) -> tuple[int, bool]:
    """Grid steps of the bar that most notes stand in, and whether its beats are of three parts."""
    _, length, compound = places(notes.meter, notes.onset, notes.grid)
    lengths, counts = np.unique(length, return_counts=True)
    bar = int(lengths[counts.argmax()])
    return bar, bool(compound[length == bar].mean() > 0.5)
