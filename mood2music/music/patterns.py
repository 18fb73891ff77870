"""Plays one chord with its bass in a pattern: held, in turn, broken, as a pianist comps."""

from itertools import pairwise
from typing import NamedTuple

from mood2music.music.voicing import BASS

# Figures of a broken chord by phrase in turn: places of its notes, 0 the bass (Alberti's bass, the
# nocturne's wide one, and up and down).
FIGURES = ((1, 3, 2, 3), (2, 3, 1, 3), (1, 2, 3, 2))
# Where comping chords are struck in a bar of four beats, by phrase in turn: by halves; the
# Charleston (Levine 1995, The Jazz Theory Book, chapter 19); on the first. Beats, and whether
# behind them: there where the tune has its own notes behind the beat, swung or straight.
COMPING = (((0, False), (2, False)), ((0, False), (1, True)), ((0, False),))
SWUNG, STRAIGHT = 2 / 3, 1 / 2

Played = tuple[int, int, int]


class Span(NamedTuple):
    """One chord where it stands: grid steps, its bass and voices, the bass behind it.

    beat: of the meter, in grid steps: 6/8 has two; off: where in a beat the tune has its notes
    behind the beat; phrase: number of the phrase; place: of its beginning in the bar; last: whether
    another phrase begins behind it
    """

    begin: int
    length: int
    beat: int
    off: int
    tones: tuple[int, ...]
    bass: int
    voices: tuple[int, ...]
    following: int
    phrase: int
    place: int
    last: bool


def _block(span: Span, grid: int) -> list[Played]:
    return [(span.begin, span.length, pitch) for pitch in (span.bass, *span.voices)]


def _beats(span: Span) -> list[tuple[int, int]]:
    """Where a chord's beats begin, and how long they last: the first is short between two beats."""
    end = span.begin + span.length
    second = span.begin + span.beat - span.place % span.beat
    edges = [span.begin, *range(second, end, span.beat), end]
    return [(begin, stop - begin) for begin, stop in pairwise(edges)]


def _stride(span: Span, grid: int) -> list[Played]:
    """Bass and chord in turn; in the second half of a long span the chord's fifth in the bass."""
    beats = _beats(span)
    if len(beats) < 2:
        return _block(span, grid)
    played = [(span.begin, beats[0][1], span.bass)]
    for i, (beat, length) in enumerate(beats[1:], start=1):
        if i == 2 and len(beats) == 4:
            played.append((beat, length, _other(span)))
        else:
            played += [(beat, length, pitch) for pitch in span.voices]
    return played


def _other(span: Span) -> int:
    """The chord's fifth, or its root where the fifth is in the bass, near below or above."""
    below = span.bass - (span.bass - _turned(span)) % 12
    return below if below >= BASS[0] else below + 12


def _broken(span: Span, grid: int) -> list[Played]:
    """The bass held, the voices one after the other in eighths; a figure a phrase."""
    if len(span.voices) < 2:
        return _block(span, grid)
    voices = (span.bass, *span.voices, *span.voices[-1:])
    step = max(grid // 2, 1)
    figure = FIGURES[span.phrase % len(FIGURES)]
    turns = [(at, voices[figure[i % 4]]) for i, at in enumerate(range(0, span.length, step)) if i]
    return [(span.begin, span.length, span.bass)] + [
        (span.begin + at, min(step, span.length - at), pitch) for at, pitch in turns
    ]


def _comp(span: Span, grid: int) -> list[Played]:
    """The bass on the chord's beginning, the voices held or off the beat; a rhythm a phrase."""
    return [(span.begin, span.length, span.bass), *_comped(span)]


def _comped(span: Span) -> list[Played]:
    end = span.begin + span.length
    struck = [
        span.begin - span.place + beat * span.beat + behind * span.off
        for beat, behind in COMPING[span.phrase % len(COMPING)]
    ]
    struck = [at for at in struck if span.begin <= at < end] or [span.begin]
    stops = [*struck[1:], end]
    return [
        (at, stop - at, pitch)
        for at, stop in zip(struck, stops, strict=True)
        for pitch in span.voices
    ]


def _walking(span: Span, grid: int) -> list[Played]:
    """A note a beat: the bass, pitches of the chord, and the semitone before the next bass."""
    beats = _beats(span)
    line = [span.bass]
    toward = 1 if span.following >= span.bass else -1
    for left in range(len(beats) - 1, 0, -1):
        near = span.following - toward if span.following > BASS[0] else span.following + 1
        if left == 1 and abs(near - line[-1]) <= 5 and near != line[-1]:
            line.append(near)
            continue
        tones = [p for p in range(BASS[0], BASS[1] + 1) if p % 12 in span.tones and p != line[-1]]
        line.append(min(tones, key=lambda p: (abs(p - line[-1] - 3 * toward), p)))
    played = [(*beat, pitch) for beat, pitch in zip(beats, line, strict=True)]
    return [*played, *_comped(span)]


def _ballad(span: Span, grid: int) -> list[Played]:
    """The bass, half a quarter later its fifth or octave, another half later the chord, held.

    Once in two beats, in each beat of 6/8. The third beat of 3/4 has its own bass and fifth.
    """
    turn = span.beat if span.beat > grid else 2 * grid
    played: list[Played] = []
    for number, begin in enumerate(range(0, span.length, turn)):
        upper = span.bass + 12 if number % 2 and span.phrase % 2 else _fifth(span)
        figure = ((0, (span.bass,)), (grid // 2, (upper,)), (grid, span.voices))
        end = min(begin + turn, span.length)
        played += [
            (span.begin + begin + at, end - begin - at, pitch)
            for at, pitches in figure
            if begin + at < end
            for pitch in pitches
        ]
    return played


def _fifth(span: Span) -> int:
    """The chord's fifth above the bass, or its root where the fifth is in the bass."""
    return span.bass + (_turned(span) - span.bass) % 12


def _turned(span: Span) -> int:
    """The pitch class of the chord's fifth, or of its root where the fifth is in the bass."""
    return span.tones[2] if span.bass % 12 != span.tones[2] else span.tones[0]


# How chords are played: struck anew each; sevenths, held as long as they stay; bass and chord in
# turn; one note after the other; bass, fifth and chord, as under a pop ballad; the chords of a jazz
# pianist, held or off the beat; the same over a walking bass.
PLAYERS = {
    "block": _block,
    "held": _block,
    "stride": _stride,
    "broken": _broken,
    "ballad": _ballad,
    "comp": _comp,
    "walking": _walking,
}
