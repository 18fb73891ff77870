"""Puts chords and a bass under a bare tune, in a pattern that changes with its phrases.

The chords are found in `harmony`, led from one to the next in `voicing`, and played here.
"""

from typing import NamedTuple

import numpy as np

from mood2music.music.events import to_events
from mood2music.music.harmony import DOMINANT, HALF_7, SEVENTHS, TRIADS, chords_of, spans
from mood2music.music.key import find_key
from mood2music.music.meter import places
from mood2music.music.notes import Notes, make_notes
from mood2music.music.phrases import phrase_lines
from mood2music.music.voicing import BASS, bass_line, upper_voices

# How chords are played: held; bass and chord in turn; one note after the other; the chords of a
# jazz pianist, held or off the beat; the same over a walking bass.
PATTERNS = ("block", "stride", "broken", "comp", "walking")
# What each style's own pieces have most, and the patterns whose chords are all of four notes.
OF_STYLE = {"jazz": "comp", "classical": "broken", "pop": "block"}
OF_SEVENTHS = ("comp", "walking")
# Styles that take the tune alone of every song of the catalog and put chords of their own under it,
# and those that take that of a file in another style: behind such files P(jazz) is .74 so and .58
# without, P(classical) .83 and .65, P(pop) .66 and .69 (experiments/style_path).
LEAD_SHEETS = ("jazz",)
OF_OTHERS = ("jazz", "classical")

# Share of the sounding time in which one pitch sounds alone, from which a tune counts as bare.
BARE = 0.8
# Steps of MIDI velocity below the tune, and less off the beat.
SOFTER, OFF_BEAT = 14, 6

# Figures of a broken chord by phrase in turn: places of its notes, 0 the bass (Alberti's bass, the
# nocturne's wide one, and up and down).
FIGURES = ((1, 3, 2, 3), (2, 3, 1, 3), (1, 2, 3, 2))
# Where comping chords are struck in a bar of four beats, by phrase in turn: by halves; the
# Charleston (Levine 1995, The Jazz Theory Book, chapter 19); on the first. Beats, and whether
# behind them: there where the tune has its own notes behind the beat, swung or straight.
COMPING = (((0, False), (2, False)), ((0, False), (1, True)), ((0, False),))
SWUNG, STRAIGHT = 2 / 3, 1 / 2

Played = tuple[int, int, int]


class _Span(NamedTuple):
    """One chord where it stands: grid steps, its bass and voices, the bass behind it.

    off: where in a beat the tune has its notes behind the beat;
    phrase: number of the phrase; place: of its beginning in the bar; last: whether another phrase
    begins behind it
    """

    begin: int
    length: int
    off: int
    tones: tuple[int, ...]
    bass: int
    voices: tuple[int, ...]
    following: int
    phrase: int
    place: int
    last: bool


def is_bare(notes: Notes) -> bool:
    """Whether a piece is a tune alone: one pitch sounds most of the time."""
    return to_events(notes).one_voice() > BARE


def tune_of(notes: Notes) -> Notes:
    """The tune of a piece: what is struck while nothing higher sounds, each note to the next one.

    The skyline (Uitdenbogerd & Zobel 1999, ACM MM), without the inner voices below a held note.
    """
    ends = notes.onset + notes.duration
    kept: list[int] = []
    # By onset, the highest first.
    for at in np.lexsort((-notes.pitch.astype(int), notes.onset)).tolist():
        if kept:
            last = kept[-1]
            covered = ends[last] > notes.onset[at] and notes.pitch[last] > notes.pitch[at]
            if covered or notes.onset[last] == notes.onset[at]:
                continue
        kept.append(at)
    rows = np.array(kept, np.int64)
    until = np.append(notes.onset[rows][1:], ends.max(initial=0))
    return make_notes(
        notes.onset[rows], np.minimum(notes.duration[rows], until - notes.onset[rows]),
        notes.pitch[rows], notes.velocity[rows], notes.tempo, notes.grid, notes.title, notes.drums,
        notes.meter,
    )  # fmt: skip


def accompanied(notes: Notes, pattern: str = "block") -> Notes:
    """Add chords and a bass below a tune, in its key and meter; pattern: one of PATTERNS.

    The tune itself is as it was, but for pitches that the accompaniment strikes again.
    """
    if not len(notes):
        return notes
    velocity = max(1, int(np.median(notes.velocity)) - SOFTER)
    added: list[Played] = []
    for span in _spans(notes, pattern):
        played = PLAYERS[pattern](span, notes.grid)
        if span.last and pattern in ("stride", "broken"):
            played = _fill(span, notes, played)
        added += [note for note in played if _below(notes, note)]
    if not added:
        return notes
    onset, duration, pitch = (np.array(part) for part in zip(*added, strict=True))
    loud = np.where(onset % notes.grid == 0, velocity, max(1, velocity - OFF_BEAT))
    return make_notes(
        np.concatenate([notes.onset, onset]),
        np.concatenate([notes.duration, duration]),
        np.concatenate([notes.pitch, pitch]),
        np.concatenate([notes.velocity, loud]),
        notes.tempo,
        notes.grid,
        notes.title,
        notes.drums,
        notes.meter,
    )


def _spans(notes: Notes, pattern: str) -> list[_Span]:
    key = find_key(notes)
    begins, lengths = spans(notes)
    known = (SEVENTHS if pattern in OF_SEVENTHS else TRIADS)[key.mode]
    degrees = chords_of(notes, key, begins, lengths, known)
    found = [known.chords[degree] for degree in degrees]
    chords = [((key.tonic + chord.root) % 12, chord.pitches) for chord in found]
    ceilings = [_ceiling(notes, b, n) for b, n in zip(begins, lengths, strict=True)]
    bass = bass_line(chords, ceilings)
    tones = [tuple((root + p) % 12 for p in pitches) for root, pitches in chords]
    if pattern in OF_SEVENTHS:
        chords = [(root, _coloured(own, chord.root))
                  for (root, own), chord in zip(chords, found, strict=True)]  # fmt: skip
    voices = upper_voices(chords, bass, ceilings)
    phrases = phrase_lines(notes)
    phrase = np.maximum(np.searchsorted(phrases, begins, "right") - 1, 0).tolist()
    place = places(notes.meter, begins, notes.grid)[0].tolist()
    within = notes.onset % notes.grid / notes.grid
    swings = (np.abs(within - SWUNG) < 0.1).sum() > (np.abs(within - STRAIGHT) < 0.05).sum()
    off = round((SWUNG if swings else STRAIGHT) * notes.grid)
    placed = []
    for i in range(len(chords)):
        low = bass[i]
        if low is None:
            continue
        later = bass[i + 1] if i + 1 < len(chords) else None
        placed.append(_Span(
            int(begins[i]), int(lengths[i]), off, tones[i], low,
            voices[i], low if later is None else later, phrase[i], place[i],
            i + 1 < len(chords) and phrase[i + 1] != phrase[i],
        ))  # fmt: skip
    return placed


def _coloured(pitches: tuple[int, ...], degree: int) -> tuple[int, ...]:
    """A seventh chord with its ninth for its fifth, as pianists leave the root to the bass.

    degree: semitones from the tonic to the root; dominants of minor chords have the minor ninth.
    """
    if pitches == HALF_7:
        return pitches
    minor_ninth = pitches == DOMINANT and degree in (9, 11, 4)
    return (pitches[1], pitches[3], 1 if minor_ninth else 2)


def _ceiling(notes: Notes, begin: int, length: int) -> int:
    sounding = (notes.onset < begin + length) & (notes.onset + notes.duration > begin)
    return int(notes.pitch[sounding].min()) if sounding.any() else 127


def _below(notes: Notes, note: Played) -> bool:
    """Whether a note lies below all of the tune that sounds with it."""
    onset, duration, pitch = note
    return pitch < _ceiling(notes, onset, duration)


def _block(span: _Span, grid: int) -> list[Played]:
    return [(span.begin, span.length, pitch) for pitch in (span.bass, *span.voices)]


def _stride(span: _Span, grid: int) -> list[Played]:
    """Bass and chord in turn; in the second half of a long span the chord's fifth in the bass."""
    beats = range(span.begin, span.begin + span.length, grid)
    if len(beats) < 2:
        return _block(span, grid)
    played = [(span.begin, grid, span.bass)]
    for i, beat in enumerate(beats[1:], start=1):
        length = min(grid, span.begin + span.length - beat)
        if i == 2 and len(beats) == 4:
            played.append((beat, length, _other(span)))
        else:
            played += [(beat, length, pitch) for pitch in span.voices]
    return played


def _other(span: _Span) -> int:
    """The chord's fifth, or its root where the fifth is in the bass, near below or above."""
    tone = span.tones[2] if span.bass % 12 != span.tones[2] else span.tones[0]
    below = span.bass - (span.bass - tone) % 12
    return below if below >= BASS[0] else below + 12


def _broken(span: _Span, grid: int) -> list[Played]:
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


def _comp(span: _Span, grid: int) -> list[Played]:
    """The bass on the chord's beginning, the voices held or off the beat; a rhythm a phrase."""
    return [(span.begin, span.length, span.bass), *_comped(span, grid)]


def _comped(span: _Span, grid: int) -> list[Played]:
    end = span.begin + span.length
    struck = [
        span.begin - span.place + beat * grid + behind * span.off
        for beat, behind in COMPING[span.phrase % len(COMPING)]
    ]
    struck = [at for at in struck if span.begin <= at < end] or [span.begin]
    stops = [*struck[1:], end]
    return [
        (at, stop - at, pitch)
        for at, stop in zip(struck, stops, strict=True)
        for pitch in span.voices
    ]


def _walking(span: _Span, grid: int) -> list[Played]:
    """A note a beat: the bass, pitches of the chord, and the semitone before the next bass."""
    beats = range(span.begin, span.begin + span.length, grid)
    line = [span.bass]
    toward = 1 if span.following >= span.bass else -1
    for left in range(len(beats) - 1, 0, -1):
        near = span.following - toward if span.following > BASS[0] else span.following + 1
        if left == 1 and abs(near - line[-1]) <= 5 and near != line[-1]:
            line.append(near)
            continue
        tones = [p for p in range(BASS[0], BASS[1] + 1) if p % 12 in span.tones and p != line[-1]]
        line.append(min(tones, key=lambda p: (abs(p - line[-1] - 3 * toward), p)))
    played = [
        (beat, min(grid, span.begin + span.length - beat), pitch)
        for beat, pitch in zip(beats, line, strict=True)
    ]
    return [*played, *_comped(span, grid)]


PLAYERS = {
    "block": _block,
    "stride": _stride,
    "broken": _broken,
    "comp": _comp,
    "walking": _walking,
}


def _fill(span: _Span, notes: Notes, played: list[Played]) -> list[Played]:
    """Where the tune waits at a phrase's end: the chord upwards in eighths, a beat later."""
    here = (notes.onset > span.begin) & (notes.onset < span.begin + span.length)
    step = max(notes.grid // 2, 1)
    first = span.begin + notes.grid
    if here.any() or span.length < 2 * notes.grid or len(span.voices) < 2:
        return played
    turns = range(first, span.begin + span.length, step)
    rising = [*span.voices, *(pitch + 12 for pitch in span.voices)]
    kept = [note for note in played if note[0] < first]
    return kept + [(at, step, pitch) for at, pitch in zip(turns, rising, strict=False)]
