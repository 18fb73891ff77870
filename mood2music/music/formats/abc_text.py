"""Brings the text of an ABC tune down to what is written, and marks where things stand in it.

Ornaments, grace notes, words and layout go, and unless repeats are asked for, repeat signs become
bar lines. What is left is keys, meters, lengths, tempi, voices, notes, rests, ties and tuplets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from mood2music.music.formats.abc_fields import (
    Placed,
    bar_of,
    chords_multiplied,
    fraction,
    key_field,
    moved_note,
    tempo,
    unit_of,
    voice_field,
)
from mood2music.music.stated_chords import StatedChord, of_symbol

# Controllers without a meaning of their own, which carry a number of two times seven bits to its
# place in any voice: 16 times the quarter notes a minute, for abc2midi takes the first voice's
# tempi alone; and which of its chord symbols a tune has there.
TEMPO, CHORD = (102, 103), (104, 105)
_MOST = (1 << 14) - 1
_KEPT_DIRECTIVE = re.compile(r"(?:MIDI +(?:r?transpose|channel)\b|propagate-accidentals)")
_TRANSPOSE = re.compile(r"MIDI +(r?)transpose +([+-]?\d{1,2})\b")
_DYNAMICS = {"p", "pp", "ppp", "pppp", "f", "ff", "fff", "ffff", "mp", "mf", "sfz"}
_OLD = re.compile(r"(?:[_^=]*[A-Ga-g][,']*[\d/]*)+")

# Meters that say that there are no bars.
_FREE = ("", "none")

_TOKEN = re.compile(
    r"""
    (?P<text>"[^"]*"?)                          # chord symbols, annotations
  | (?P<field>\[[A-Za-z]:[^\]]*\])              # [K:D], [V:1]
  | (?P<mark>![^!\s|]{1,40}!)                   # !trill!
  | (?P<plus>\+[^+\s|]{1,40}\+)                 # +trill+, or a chord of ABC 1.6
  | (?P<grace>\{[^}]*\}?)
  | (?P<tuplet>\(\d+(?::\d*){0,2})              # (3, (10:6:4
  | (?P<ending>\[\ *(?:\d[\d,.\-]*|"[^"]*"(?![^\[\]|]*\])))  # [1, [1,2, ["last", no ["C"CE]
  | (?P<bar>(?:\[\||:*\|[|\]:]*|::+|:)\ ?(?:\d[\d,.\-]*)?)
  | (?P<spacer>y\d*)
  | (?P<rest>X)                                 # as Z, and invisible
  | (?P<length>[\d/]+)
  | (?P<keep>[\^=_]*[A-Ga-g][,']*|[zxZ]|[<>\-\[\]&\s])
  | (?P<drop>.)                                 # T, ~, ., slurs, $ and so on
    """,
    re.VERBOSE,
)


def plain(tune: str, repeats: bool = False) -> str:
    """Bring a tune down to what is written; see the module's docstring.

    >>> plain('X:1\\nK:D\\n|:!trill!A2{g}B|1 "^slow"~c2:|')
    'X:1\\n%%MIDI chordattack 0\\nK:D\\n|A2B| c2|\\n'
    """
    return _text(tune, _State(unit_of(tune), repeats))


def marked(tune: str, repeats: bool, said: list[StatedChord]) -> str:
    """The same with marks where bars and chord symbols stand; `said` takes these."""
    return _with_bars(_text(tune, _State(unit_of(tune), repeats, said=said)))


@dataclass
class _State:
    """What holds at a place of a tune: the unit length, the voice, and how each voice is placed.

    said: takes the chord symbols, which are marked then; None to drop them.
    """

    unit: Fraction
    repeats: bool
    voice: str = ""
    placed: dict[str, Placed] = field(default_factory=lambda: {"": Placed()})
    said: list[StatedChord] | None = None

    def at(self) -> Placed:
        """How the voice is placed: by its own fields, else by the head's K:."""
        return self.placed.get(self.voice, Placed()).over(self.placed[""])

    def take(self, voice: str, placed: Placed) -> None:
        """Let what a field says hold in a voice, "" for all."""
        self.placed[voice] = placed.over(self.placed.get(voice, Placed()))


def _text(tune: str, state: _State) -> str:
    return "".join(f"{line}\n" for line in _plain_lines(tune, state))


def _plain_lines(tune: str, state: _State) -> Iterator[str]:
    head = True
    tune = re.sub(r"(?ms)^%%begin(\w+)\n.*?^%%end\1$", "%", tune)
    for number, line in enumerate(tune.split("\n")):
        directive = re.match(r"(?:%%|I: *)(.*)", line)
        if directive:
            if _KEPT_DIRECTIVE.match(directive[1]):
                yield f"%%{directive[1]}"
            if moves := _TRANSPOSE.match(directive[1]):
                by = int(moves[2]) + (state.at().semitones or 0) * bool(moves[1])
                state.take(state.voice, Placed(semitones=by))
            continue
        if number and not line.strip():
            return  # an empty line ends a tune
        bare = re.sub(r"(?<!\\)%.*", "", line).rstrip()
        found = re.match(r"([A-Za-z+]):(?![|:\]])(.*)", bare)
        if found and found[1] == "X":
            yield "X:1"
            yield "%%MIDI chordattack 0"
        elif found:
            left, directives = _field(found[1], found[2], state, head)
            yield from [f"{found[1]}:{left}"] * (left is not None)
            yield from (f"%%MIDI {directive}" for directive in directives)
            head = head and found[1] != "K"
        elif bare and not head:
            music = "".join(_plain_tokens(bare.removesuffix("\\"), state))
            if music.strip():  # an empty line would end the tune
                yield chords_multiplied(music)


def _field(kind: str, text: str, state: _State, head: bool = False) -> tuple[str | None, list[str]]:
    """Say what is left of a field, None for nothing, and what abc2midi is told behind it."""
    if kind == "Q":
        qpm = tempo(text, state.unit)
        return None, _carried(min(round(16 * qpm), _MOST), TEMPO) if qpm else []
    if kind == "L":
        length = fraction(text)
        state.unit = length or state.unit
        return (f"{length.numerator}/{length.denominator}" if length else text), []
    if kind == "V":
        state.voice, left, placed = voice_field(text)
        state.take(state.voice, placed)
    elif kind == "K":
        state.voice = "" if head else state.voice
        left, placed = key_field(text, head)
        state.take(state.voice, placed)
    else:
        return (text if kind in "M" + "P" * state.repeats else None), []
    return left, ["channel 10"] * bool(state.at().drums and (kind == "K" or not head))


def _carried(number: int, by: tuple[int, int]) -> list[str]:
    """What tells abc2midi to carry a number to its place by two controllers."""
    return [f"control {by[0]} {number >> 7}", f"control {by[1]} {number & 127}"]


def _with_bars(tune: str) -> str:
    """Repeat the meter behind every bar line, so that abc2midi tells where it is.

    Rests become notes: abc2midi tells of what stands behind a rest as if it stood before it. Ties
    go: it tells nothing of what stands before a note that one leads to.

    >>> _with_bars("M:3/4\\nL:1/4\\nK:C\\nC-|CEz|Z2|\\n")
    'M:3/4\\nL:1/4\\nK:C\\nC| [M:3/4]CEC| [M:3/4]C6| [M:3/4]\\n'
    """
    holds = {"M": "", "L": str(unit_of(tune))}
    lines = []
    for line in tune.splitlines(keepends=True):
        if found := re.match("([A-Za-z]):(?![|:])(.*)", line):
            holds[found[1]] = found[2].strip()
        elif not line.startswith("%"):
            line = _meter_behind_bars(line, holds)
        lines.append(line)
    return "".join(lines)


def _meter_behind_bars(line: str, holds: dict[str, str]) -> str:
    parts: list[str] = []
    bars = False  # whether the last rest is one of whole bars, which a number may follow
    for found in _TOKEN.finditer(line):
        token = found[0]
        if bars and found.lastgroup == "length" and token.isdigit():
            parts[-1] = _bars_of(int(token), holds)
        elif token == "Z":
            parts.append(_bars_of(1, holds))
        elif token != "-":
            parts.append("C" if token in ("z", "x") else token)
        bars = token == "Z"
        if found.lastgroup == "field":
            holds[token[1]] = token[3:-1].strip()
        if found.lastgroup in ("bar", "ending") and token != "[|" and holds["M"] not in _FREE:
            parts.append(f" [M:{holds['M']}]")
    return "".join(parts)


def _bars_of(count: int, holds: dict[str, str]) -> str:
    """A note as long as so many bars rest; the rest itself where the meter says no length."""
    meter, unit = bar_of(holds["M"]), fraction(holds["L"])
    if meter is None or unit is None:
        return f"Z{count}"
    length = count * meter / unit
    return f"C{length.numerator}" + f"/{length.denominator}" * (length.denominator > 1)


def _plain_tokens(line: str, state: _State) -> Iterator[str]:
    lasting = False  # whether a length may follow
    for found in _TOKEN.finditer(line):
        token = found[0]
        if found.lastgroup == "length":
            if lasting:
                yield token
            continue
        if found.lastgroup not in ("text", "mark", "drop"):
            lasting = token[-1] in "ABCDEFGabcdefgxzZX,'])"
        match found.lastgroup:
            case "keep":
                yield moved_note(token, state.at().up)
            case "tuplet":
                yield token
            case "text" if (said := state.said) is not None and len(said) <= _MOST:
                if chord := of_symbol(token.strip('"')):
                    yield from _inline(_carried(len(said), CHORD))
                    said.append(chord.transposed(state.at().semitones or 0))
            case "field":
                left, directives = _field(token[1], token[3:-1], state)
                yield "" if left is None else f"[{token[1]}:{left}]"
                yield from _inline(directives)
            case "bar" | "ending":
                yield token if state.repeats else "|"
            case "rest":
                yield "Z"
            case "plus":
                inner = token.strip("+")
                if inner not in _DYNAMICS and _OLD.fullmatch(inner):
                    yield f"[{inner}]"


def _inline(directives: list[str]) -> Iterator[str]:
    return (f"[I:MIDI={directive}]" for directive in directives)
