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
from mood2music.music.written import Bar, Written, WrittenNote

_NOTE = re.compile(r"([a-gA-G])\1*")
_LENGTH = re.compile(r"(\d+)(?:%(\d+))?(\.*)")
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_METER = re.compile(r"\*M(\d+(?:\+\d+)*)/(\d+)$")
# What an editor says of a meter that the source leaves out: "!LO:MO:null:mod=*M4/4".
_EDITED = re.compile(r"!LO:MO:null:mod=\*M(\d+(?:\+\d+)*)/(\d+)$")
_TEMPO = re.compile(r"\*MM(\d+(?:\.\d+)?)")
# "[quarter-dot] = 63" in a text above the staff or in the record of the movement's tempo.
_SHOWN = re.compile(r"\[(whole|half|quarter|eighth|sixteenth)(-dot)?\] *= *c?a?\.? *(\d+)")
_UNITS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "sixteenth": 0.25}


@dataclass(slots=True)
class _Spine:
    """One column. track: the spine that it came from; end: where its last token ends."""

    track: int
    kern: bool
    end: Fraction = Fraction(0)
    drums: bool = False


@dataclass
class _State:
    """What is known at a row."""

    spines: list[_Spine] = field(default_factory=list)
    now: Fraction = Fraction(0)
    fresh: bool = True  # no row has been played since the bar line
    tracks: int = 0
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
            if line.startswith("**") and not state.spines:
                state.spines = [_begin(state, token) for token in tokens]
                continue
            if line.startswith("!"):
                _read_tempo(state, line)
                if found := _EDITED.match(tokens[0]):
                    _take_meter(state, found)
                continue
            if len(tokens) != len(state.spines):
                raise ValueError(f"{len(tokens)} columns, expected {len(state.spines)}")
            if line.startswith("*"):
                _interpret(state, tokens)
            elif line.startswith("="):
                _bar_line(state, next(t for t in tokens if t.startswith("=")))
            else:
                _play(state, tokens)
        except ValueError as error:
            raise MusicFileError(f"{name} cannot be read: line {number}: {error}") from error
    if not state.tracks:
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
    if found := _SHOWN.search(line):
        unit = _UNITS[found[1]] * (1.5 if found[2] else 1.0)
        state.tempo = unit * float(found[3])


def _begin(state: _State, token: str) -> _Spine:
    kern = token == "**kern"
    state.tracks += kern
    return _Spine(state.tracks if kern else -1, kern, state.now)


def _interpret(state: _State, tokens: Sequence[str]) -> None:
    """Follow spine paths; take tempo marks, time signatures, labels and percussion clefs."""
    spines = state.spines
    for spine, token in zip(spines, tokens, strict=True):
        if found := _TEMPO.match(token):
            state.tempo = float(found[1])
        elif found := _METER.match(token):
            _take_meter(state, found)
        elif token.startswith("*clef"):
            spine.drums = token.startswith("*clefX")
        elif token.startswith("*>[") and state.expansion is None:
            state.expansion = token[3:].rstrip("]").split(",")
        elif token.startswith("*>") and "[" not in token:
            _meet(state)
            _open_bar(state)
            state.labels.setdefault(token[2:], len(state.written.bars) - 1)
    if not any(token in ("*^", "*v", "*x", "*+", "*-") or token[:2] == "**" for token in tokens):
        return
    after: list[_Spine] = []
    joined = _joined(spines, tokens)
    crossed: int | None = None
    for i, (spine, token) in enumerate(zip(spines, tokens, strict=True)):
        if token == "*v":
            if joined[i] == i:
                after.append(spine)
            else:
                spines[joined[i]].end = max(spines[joined[i]].end, spine.end)
            continue
        if token == "*-":
            state.now = max(state.now, spine.end) if spine.kern else state.now
            continue
        if token.startswith("**"):
            after.append(_begin(state, token))
            continue
        after.append(spine)
        if token == "*^":
            after.append(_Spine(spine.track, spine.kern, spine.end, spine.drums))
        elif token == "*+":
            after.append(_Spine(-1, False, state.now))
        elif token == "*x":
            if crossed is None:
                crossed = len(after) - 1
            else:
                after[crossed], after[-1] = after[-1], after[crossed]
                crossed = None
    state.spines = after


def _take_meter(state: _State, found: re.Match[str]) -> None:
    """Let a time signature hold: from the open bar on, or from the next when notes stand in it."""
    state.signature = sum(int(beats) for beats in found[1].split("+")), int(found[2])
    if state.fresh:
        state.written.bars[-1].signature = state.signature


def _joined(spines: Sequence[_Spine], tokens: Sequence[str]) -> list[int]:
    """For each column the first of those that it joins.

    Neighbours marked *v join. Some files end the splits of two neighbouring parts in one row:
    those join within their parts, where each has two columns or more.
    """
    into = list(range(len(tokens)))
    i = 0
    while i < len(tokens):
        last = i
        while last < len(tokens) and tokens[last] == "*v":
            last += 1
        tracks = [spine.track for spine in spines[i:last]]
        apart = all(tracks.count(track) > 1 for track in tracks)
        for j in range(i + 1, last):
            if not apart or spines[j].track == spines[j - 1].track:
                into[j] = into[j - 1]
        i = max(last, i + 1)
    return into


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
    state.now = max([state.now, *(spine.end for spine in state.spines if spine.kern)])
    for spine in state.spines:
        spine.end = state.now
    state.fresh = True
    state.written.bars[-1].end = max(state.written.bars[-1].end, state.now)


def _open_bar(state: _State) -> Bar:
    """Begin a bar, unless the last one has just begun."""
    bars = state.written.bars
    if bars[-1].end > bars[-1].start:
        bars.append(Bar(state.now, state.now, signature=state.signature))
    return bars[-1]


def _play(state: _State, tokens: Sequence[str]) -> None:
    """Read a row of notes."""
    playing = [
        (spine, token)
        for spine, token in zip(state.spines, tokens, strict=True)
        if spine.kern and token not in (".", "")
    ]
    timed = [(spine, token) for spine, token in playing if not _is_grace(token)]
    if not timed:
        return
    if not state.fresh:
        # A part that skipped its rests is behind; then the next end of any other is the time.
        ready = [s.end for s, _ in timed if s.end > state.now]
        ready = ready or [s.end for s in state.spines if s.kern and s.end > state.now]
        state.now = min(ready, default=state.now)
    state.fresh = False
    if state.tempo is not None:
        state.written.tempos.append((state.now, state.tempo))
        state.tempo = None
    for spine, token in timed:
        if lengths := _sound(state, spine, token):
            spine.end = state.now + max(lengths)


def _is_grace(token: str) -> bool:
    return "q" in token or "Q" in token


def _sound(state: _State, spine: _Spine, token: str) -> list[Fraction]:
    """Take the notes of one token; give their lengths."""
    lengths: list[Fraction] = []
    for part in token.split(" "):
        written, found = _LENGTH.search(part), _NOTE.search(part)
        if written:
            lengths.append(_length(written))
        if found is None or "r" in part:
            state.written.drums += "R" in part
            continue
        if not lengths:
            raise ValueError(f'"{token}" has no length')
        if spine.drums:
            state.written.drums += 1
        else:
            _take(state, spine, _pitch(found, part), lengths[-1], part)
    return lengths


def _take(state: _State, spine: _Spine, pitch: int, length: Fraction, part: str) -> None:
    end = state.now + length
    tied = state.tied.setdefault(pitch, {})
    note = _tied_note(tied, spine.track, state.now) if "_" in part or "]" in part else None
    if note is None:
        note = WrittenNote(state.now, end, pitch)
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


def _length(found: re.Match[str]) -> Fraction:
    """Quarter notes of a recip: 4 a quarter, 8. a dotted eighth, 0 a breve, 3%2 two thirds of 4."""
    digits, part, dots = found.groups()
    if set(digits) == {"0"}:
        length = Fraction(4 * 2 ** len(digits))
    else:
        length = Fraction(4 * int(part or 1), int(digits))
    return length * (2 - Fraction(1, 2 ** len(dots)))


def _pitch(found: re.Match[str], part: str) -> int:
    letters = found[0]
    octave = 4 + len(letters) - 1 if letters[0].islower() else 4 - len(letters)
    behind = part[found.end() :]
    sharps = len(behind.lstrip("-")) - len(behind.lstrip("#"))
    return 12 * (octave + 1) + _STEPS[letters[0].lower()] + sharps


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
