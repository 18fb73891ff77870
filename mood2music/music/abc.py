"""Reads ABC with abc2midi, the reader that the format's players grew up with; symusic carries it.

abc2midi plays: it trills, breaks chords, swings hornpipes and takes repeats. So the text is first
brought down to what is written: ornaments, grace notes, words and layout go, and unless repeats are
asked for, repeat signs become bar lines. What is left is keys, meters, lengths, tempi, voices,
notes, rests, ties and tuplets. Where bars, tempi and chord symbols stand, another text tells, in
which each is marked.
Source: The abc music standard 2.1 (Walshaw 2011).
"""

import codecs
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from mood2music.errors import MusicFileError
from mood2music.music.abc_fields import (
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
from mood2music.music.midi import controls, time_signatures
from mood2music.music.notes import GRID, Notes
from mood2music.music.performed import as_written
from mood2music.music.stated_chords import StatedChord, chords_at, of_symbol
from mood2music.music.stated_key import StatedKey, of_tonic
from mood2music.music.tempo import mean_tempo

# abc2midi's ticks a quarter note. It begins every note one tick late.
_TICKS = 480
_LATE = 1
_SECONDS = 30.0
# Controllers without a meaning of their own, which carry a number of two times seven bits to its
# place in any voice: 16 times the quarter notes a minute, for abc2midi takes the first voice's
# tempi alone; and which of its chord symbols a tune has there.
_TEMPO, _CHORD = (102, 103), (104, 105)
_MOST = (1 << 14) - 1
# What abc2midi calls errors and reads all the same: ties that a slur is written as, keys with more
# behind them, repeats without an end.
_HARMLESS = re.compile(
    r"Could not find note to|Cannot find note before|Missing :|Cannot find :|Not a valid mic"
)

_KEPT_DIRECTIVE = re.compile(r"(?:MIDI +(?:r?transpose|channel)\b|propagate-accidentals)")
_DYNAMICS = {"p", "pp", "ppp", "pppp", "f", "ff", "fff", "ffff", "mp", "mf", "sfz"}
_OLD_CHORD = re.compile(r"(?:[_^=]*[A-Ga-g][,']*[\d/]*)+")

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


def read_abc(
    content: bytes, name: str, grid: int = GRID, repeats: bool = False, number: int | None = None
) -> Notes:
    """Read a tune of an ABC file: the first, or the one whose X: field has `number`.

    repeats: play repeat signs, endings and the order of P: fields. Raises MusicFileError, one line
    with the place in the file, for what abc2midi cannot read.
    """
    tune = _tune(decode(content), name, number)
    tune_text = plain(tune, repeats)
    if overlaid := re.search(r"(?m)^(?![A-Z]:|%).*& *&.*", tune_text):
        raise MusicFileError(
            f"{name} cannot be read: an overlay of several bars (&&): {overlaid[0][:80]}"
        )
    midi, log = _play(tune_text, name)
    for line, reason in re.findall(r"Error in line-char (\d+)-\d+ *: *(.*)", log):
        if not _HARMLESS.match(reason):
            read = tune_text.splitlines()[int(line) - 1 : int(line)]
            raise MusicFileError(f"{name} cannot be read: {reason.strip()}: {' '.join(read)[:80]}")
    if midi is None:
        raise MusicFileError(f"{name} holds no pitched notes")
    said: list[StatedChord] = []
    marked = _with_bars(_text(tune, _State(unit_of(tune), repeats, said=said)))
    places = _play(marked, name)[0] or b""
    bars = time_signatures(places, name) if "[M:" in marked else []
    title = re.search(r"(?m)^T: *(.*?)(?:, (The|An?))? *$", tune)
    named = " ".join(filter(None, (title[2], title[1]))) if title else ""
    notes = as_written(midi, name, _TICKS, grid, named, late=_LATE, bars=bars)
    tempi = ((tick / _TICKS, number / 16) for tick, number in _numbers(places, name, _TEMPO))
    tempo = mean_tempo(tempi, notes.end / grid)
    chords = chords_at(
        said[number]._replace(step=round((tick - _LATE) / _TICKS * grid))
        for tick, number in _numbers(places, name, _CHORD)
    )
    return replace(notes, tempo=tempo, stated_key=_key(tune_text), chords=chords)


def decode(content: bytes) -> str:
    """Decode text as UTF-16 where it begins so, UTF-8 where it is, else Latin-1, as old files."""
    wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tune(text: str, name: str, number: int | None) -> str:
    """One tune, with the fields of the file's header before its own."""
    tunes = re.split(r"(?m)^(?=X:)", text)
    head, tunes = (tunes[0], tunes[1:]) if len(tunes) > 1 else ("", [f"X:1\n{text.lstrip()}"])
    if number is not None:
        tunes = [tune for tune in tunes if re.match(rf"X: *0*{number}\b", tune)]
        if not tunes:
            raise MusicFileError(f"{name} has no tune of the number {number}")
    if not re.search(r"(?m)^K:", tunes[0]):
        raise MusicFileError(f"{name} cannot be read: its tune has no key (K:), so it is no ABC")
    common = re.findall(r"(?m)^(?:[ILMU]:.*|%%.*)$", head)
    first, _, rest = tunes[0].partition("\n")
    return "\n".join([first, *common, rest])


def plain(tune: str, repeats: bool = False) -> str:
    """Bring a tune down to what is written; see the module's docstring.

    >>> plain('X:1\\nK:D\\n|:!trill!A2{g}B|1 "^slow"~c2:|')
    'X:1\\n%%MIDI chordattack 0\\nK:D\\n|A2B| c2|\\n'
    """
    return _text(tune, _State(unit_of(tune), repeats))


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
        return None, _carried(min(round(16 * qpm), _MOST), _TEMPO) if qpm else []
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


def _numbers(midi: bytes, name: str, by: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Tick and number of all that two controllers carried, in any voice."""
    tracks = controls(midi, name)
    high = 0
    # The first of several tracks has no notes, and the first voice's controllers all at once.
    for tick, controller, value in chain.from_iterable(tracks[1:] or tracks):
        if controller == by[0]:
            high = value
        elif controller == by[1]:
            yield tick, high << 7 | value


def _key(tune: str) -> StatedKey | None:
    """The key of a tune's head, K:; None for bagpipes, no key, and a tune that is transposed."""
    found = re.search(r"(?m)^K: *([A-G][#b]?) *((?:m(?![a-z])|[A-Za-z]{3})?)", tune)
    return of_tonic(found[1], found[2]) if found and "transpose" not in tune else None


def _with_bars(tune: str) -> str:
    """Repeat the meter behind every bar line, so that abc2midi tells where it is.

    Rests become notes: abc2midi tells of what stands behind a rest as if it stood before it.

    >>> _with_bars("M:3/4\\nL:1/4\\nK:C\\nC|DEz|Z2|\\n")
    'M:3/4\\nL:1/4\\nK:C\\nC| [M:3/4]DEC| [M:3/4]C6| [M:3/4]\\n'
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
        else:
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
                    yield from _inline(_carried(len(said), _CHORD))
                    said.append(chord)
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
                if inner not in _DYNAMICS and _OLD_CHORD.fullmatch(inner):
                    yield f"[{inner}]"


def _inline(directives: list[str]) -> Iterator[str]:
    return (f"[I:MIDI={directive}]" for directive in directives)


def _play(tune: str, name: str) -> tuple[bytes | None, str]:
    """Run abc2midi: the MIDI file, None where nothing sounds, and what it said."""
    import symusic  # noqa: F401  # says in the environment where its abc2midi is

    program = os.environ["SYMUSIC_ABC2MIDI"]
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "tune.abc"), Path(folder, "tune.mid")
        source.write_text(tune, encoding="latin-1", errors="replace")
        try:
            done = subprocess.run(
                [program, str(source), "1", "-o", str(target), "-quiet"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise MusicFileError(f"{name} took abc2midi longer than {_SECONDS:g} s") from error
        if done.returncode < 0:
            raise MusicFileError(f"{name} cannot be read: abc2midi crashed on it")
        log = done.stdout.decode("latin-1")
        return (target.read_bytes() if target.is_file() else None), log
