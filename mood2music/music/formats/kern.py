"""Reads Humdrum's **kern: rows are moments, columns (spines) are parts that split and join.

A spine that splits gives sub-spines, which may split again; neighbours marked *v that came from one
spine join. A row's time is where the part that has a new token there has ended its last one, and at
each bar line all parts meet, so that a bar that is short in one part moves nothing.
Source: Huron, The Humdrum Toolkit: Reference Manual (1994), chapters on **kern and spine paths.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from mood2music.errors import MusicFileError
from mood2music.music.formats.kern_spines import Spine, Spines
from mood2music.music.formats.kern_tokens import (
    EDITED,
    LENGTH,
    METER,
    NOTE,
    TEMPO,
    is_grace,
    length_of,
    pitch_of,
    shown_tempo,
    stated_key,
)
from mood2music.music.written import Bar, Written, WrittenNote


@dataclass
class _State:
    """What is known at a row."""

    spines: Spines = field(default_factory=Spines)
    fresh: bool = True  # no row has been played since the bar line
    written: Written = field(default_factory=lambda: Written(bars=[Bar(Fraction(0), Fraction(0))]))
    # By pitch, then track: the note that a tie goes on from.
    tied: dict[int, dict[int, WrittenNote]] = field(default_factory=dict)
    tempo: float | None = None
    signature: tuple[int, int] | None = None
    labels: dict[str, int] = field(default_factory=dict)
    expansion: list[str] | None = None


def parse_kern(text: str, name: str) -> Written:
    """Read the text of a kern file into a score.

    Grace notes take no time and are left out; pitches are as they sound, as kern writes them.
    A token without a pitch is silent. Raises MusicFileError, one line with the line's number, for
    rows that do not fit their spines and for notes without a length.
    """
    state = _State()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("!!"):
            _read_record(state, line)
            continue
        if not line.strip():
            continue
        tokens = line.split("\t")
        try:
            if line.startswith("**") and not state.spines.columns:
                state.spines.columns = [state.spines.begin(token) for token in tokens]
                continue
            if line.startswith("!"):
                _read_tempo(state, line)
                if found := EDITED.match(tokens[0]):
                    _take_meter(state, found)
                continue
            if not state.spines.columns and not state.spines.tracks:
                raise ValueError("it stands before a line that begins with **kern")
            if len(tokens) != len(state.spines.columns):
                raise ValueError(f"{len(tokens)} columns, expected {len(state.spines.columns)}")
            if line.startswith("*"):
                _interpret(state, tokens)
            elif line.startswith("="):
                _bar_line(state, next(t for t in tokens if t.startswith("=")))
            else:
                _play(state, tokens)
        except ValueError as error:
            raise MusicFileError(f"{name} cannot be read: line {number}: {error}") from error
    if not state.spines.tracks:
        raise MusicFileError(f"{name} cannot be read: it has no **kern spine")
    _meet(state)
    if state.written.bars[-1].end == state.written.bars[-1].start:
        state.written.bars.pop()
    _expand(state)
    return state.written


def _read_record(state: _State, line: str) -> None:
    if found := re.match(r"!!!OTL[^:]*: *(.+)", line):
        state.written.title = state.written.title or found[1].strip()
    if line.startswith("!!!OM"):
        _read_tempo(state, line)


def _read_tempo(state: _State, line: str) -> None:
    if (tempo := shown_tempo(line)) is not None:
        state.tempo = tempo


def _interpret(state: _State, tokens: Sequence[str]) -> None:
    """Follow spine paths; take tempo marks, signatures, keys, labels and percussion clefs."""
    for spine, token in zip(state.spines.columns, tokens, strict=True):
        if found := TEMPO.match(token):
            state.tempo = float(found[1])
        elif found := METER.match(token):
            _take_meter(state, found)
        elif token.startswith("*clef"):
            spine.drums = token.startswith("*clefX")
        elif token.startswith("*>[") and state.expansion is None:
            state.expansion = token[3:].rstrip("]").split(",")
        elif token.startswith("*>") and "[" not in token:
            _meet(state)
            _open_bar(state)
            state.labels.setdefault(token[2:], len(state.written.bars) - 1)
        elif not state.written.notes and (key := stated_key(token)):
            before = state.written.key
            if before is None or (key.mode and not before.mode):  # "*G:" says more than "*k[f#]"
                state.written.key = key
    if any(token in ("*^", "*v", "*x", "*+", "*-") or token[:2] == "**" for token in tokens):
        state.spines.follow(tokens)


def _take_meter(state: _State, found: re.Match[str]) -> None:
    """Let a time signature hold: from the open bar on, or from the next when notes stand in it."""
    state.signature = sum(int(beats) for beats in found[1].split("+")), int(found[2])
    if state.fresh:
        state.written.bars[-1].signature = state.signature


def _bar_line(state: _State, token: str) -> None:
    _meet(state)
    bars = state.written.bars
    if re.search(r":[|!]", token):
        ended = bars[-1] if bars[-1].end > bars[-1].start else bars[-2] if len(bars) > 1 else None
        if ended is not None:
            ended.times = 2
    _open_bar(state).forward |= re.search(r"[|!]:", token) is not None


def _meet(state: _State) -> None:
    """Let all parts meet, and end the open bar there."""
    state.spines.meet()
    state.fresh = True
    state.written.bars[-1].end = max(state.written.bars[-1].end, state.spines.now)


def _open_bar(state: _State) -> Bar:
    """Begin a bar, unless the last one has just begun."""
    bars = state.written.bars
    if bars[-1].end > bars[-1].start:
        bars.append(Bar(state.spines.now, state.spines.now, signature=state.signature))
    return bars[-1]


def _play(state: _State, tokens: Sequence[str]) -> None:
    """Read a row of notes."""
    playing = [
        (spine, token)
        for spine, token in zip(state.spines.columns, tokens, strict=True)
        if spine.kern and token not in (".", "")
    ]
    timed = [(spine, token) for spine, token in playing if not is_grace(token)]
    if not timed:
        return
    if not state.fresh:
        # A part that skipped its rests is behind; then the next end of any other is the time.
        ready = [s.end for s, _ in timed if s.end > state.spines.now]
        ready = ready or [
            s.end for s in state.spines.columns if s.kern and s.end > state.spines.now
        ]
        state.spines.now = min(ready, default=state.spines.now)
    state.fresh = False
    if state.tempo is not None:
        state.written.tempos.append((state.spines.now, state.tempo))
        state.tempo = None
    for spine, token in timed:
        if lengths := _sound(state, spine, token):
            spine.end = state.spines.now + max(lengths)


def _sound(state: _State, spine: Spine, token: str) -> list[Fraction]:
    """Take the notes of one token; give their lengths."""
    lengths: list[Fraction] = []
    for part in token.split(" "):
        written, found = LENGTH.search(part), NOTE.search(part)
        if written:
            lengths.append(length_of(written))
        if found is None or "r" in part or "R" in part:  # R is no pitch, whatever its line
            state.written.drums += "R" in part
            continue
        if not lengths:
            raise ValueError(f'"{token}" has no length')
        if spine.drums:
            state.written.drums += 1
        else:
            _take(state, spine, pitch_of(found, part), lengths[-1], part)
    return lengths


def _take(state: _State, spine: Spine, pitch: int, length: Fraction, part: str) -> None:
    end = state.spines.now + length
    tied = state.tied.setdefault(pitch, {})
    note = _tied_note(tied, spine.track, state.spines.now) if "_" in part or "]" in part else None
    if note is None:
        note = WrittenNote(state.spines.now, end, pitch)
        state.written.notes.append(note)
    note.end = end
    if "[" in part or "_" in part:
        tied[spine.track] = note


def _tied_note(tied: dict[int, WrittenNote], track: int, now: Fraction) -> WrittenNote | None:
    """Take the tied note that ends now: of the same part, else of another staff."""
    for other in (track, *tied):
        if other in tied and tied[other].end == now:
            return tied.pop(other)
    return None


def _expand(state: _State) -> None:
    """Turn the file's own list of sections, *>[A,A,B], into the order of its bars."""
    sections = [label.strip() for label in state.expansion or ()]
    if not sections or not set(sections) <= set(state.labels):
        return
    edges = sorted({*state.labels.values(), len(state.written.bars)})
    order: list[int] = []
    for section in sections:
        first = state.labels[section]
        order += range(first, next((e for e in edges if e > first), first))
    state.written.order = order
