"""Says what ABC's fields mean: unit lengths, tempi, clefs that move octaves; and marks of octaves.

abc2midi, which reads the rest, takes a clef's octave only where nothing stands behind it, tempi of
the first voice alone, and refuses marks of both directions. Source: The abc music standard 2.1.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

_CLEF = r"(treble|alto|tenor|bass|perc|none)[1-5]?([+-](?:8|15))?"
# Of V: any attribute; of K:, where "=f" is an accidental, only those that are known.
_OF_VOICE = re.compile(r"([A-Za-z_-]+) *= *(\"[^\"]*\"?|\S+)")
_OF_KEY = re.compile(
    r"(?<!\S)(clef|octave|transpose|t|middle|m|stafflines|staffscale|score|sound|shift|style|cue"
    r"|name|nm|snm|sname|subname) *= *(\"[^\"]*\"|\S+)"
)
_NOTE = re.compile(r"([\^=_]*)([A-Ga-g])([,']+)?")
_CHORD = re.compile(r"\[([^\[\]:|\"]*)\]([\d/]+)")
_LENGTH = re.compile(r"([A-Ga-gzx][,']*)([\d/]*)")


@dataclass(frozen=True)
class Placed:
    """What a V: or K: field says of the staff; None for what it leaves as it is.

    clef: octaves up that the clef moves the notes by; octave: those of octave=; drums: whether the
    clef is one for percussion; semitones: those of transpose=, by which abc2midi moves the notes.
    """

    clef: int | None = None
    octave: int | None = None
    drums: bool | None = None
    semitones: int | None = None

    @property
    def up(self) -> int:
        """Octaves up that the notes sound from where they are written."""
        return (self.clef or 0) + (self.octave or 0)

    def over(self, before: "Placed") -> "Placed":
        """What holds behind this field, where `before` held."""
        return Placed(
            before.clef if self.clef is None else self.clef,
            before.octave if self.octave is None else self.octave,
            before.drums if self.drums is None else self.drums,
            before.semitones if self.semitones is None else self.semitones,
        )


def voice_field(text: str) -> tuple[str, str, Placed]:
    """Take V: apart: the voice's name, the field for abc2midi, and what moves the notes.

    >>> voice_field('T clef=treble-8 name="Tenor" transpose=-2')
    ('T', 'T transpose=-2', Placed(clef=-1, octave=None, drums=False, semitones=-2))
    """
    name, _, rest = text.strip().partition(" ")
    _, kept, placed = _taken(rest, _OF_VOICE)
    return name, " ".join([name, *kept]), placed


def key_field(text: str, head: bool = False) -> tuple[str, Placed]:
    """Take K: apart: the field for abc2midi, and what moves the notes; head: it ends a tune's head.

    >>> key_field(" D =c treble-8")
    ('D =c', Placed(clef=-1, octave=None, drums=False, semitones=None))
    """
    left, kept, placed = _taken(text, _OF_KEY)
    return " ".join([*(left or ["none"] * head), *kept]), placed


def _taken(text: str, attributes: re.Pattern[str]) -> tuple[list[str], list[str], Placed]:
    said = {name.lower(): value.strip('"') for name, value in attributes.findall(text)}
    left = attributes.sub(" ", text).split()
    bare = next((word for word in left if re.fullmatch(_CLEF, word)), "")
    left = [word for word in left if not re.fullmatch(_CLEF, word) or word == "none" == left[0]]
    clef = said.get("clef", bare)
    octave = said.get("octave", "")
    moves = re.search(r"([+-])(8|15)$", clef)
    by = said.get("transpose", said.get("t", ""))
    placed = Placed(
        (int(moves[1] + "1") * (1 if moves[2] == "8" else 2) if moves else 0) if clef else None,
        int(octave) if re.fullmatch(r"[+-]?\d", octave) else None,
        clef.startswith("perc") if clef else None,
        int(by) if re.fullmatch(r"[+-]?\d{1,2}", by) else None,
    )
    kept = [f"{name}={said[name]}" for name in ("shift", "sound") if name in said]
    if by:
        kept.append(f"transpose={by}")
    return left, kept, placed


def moved_note(token: str, up: int) -> str:
    """Write a note with marks of one direction, `up` octaves higher; anything else as it is.

    >>> moved_note("^c,", 0), moved_note("C", -1), moved_note("B'", 1), moved_note("z", 1)
    ('^C', 'C,', "b'", 'z')
    """
    found = _NOTE.fullmatch(token)
    if found is None:
        return token
    marks = found[3] or ""
    octave = found[2].islower() + marks.count("'") - marks.count(",") + up
    letter = found[2].lower() if octave > 0 else found[2].upper()
    return found[1] + letter + ("'" * (octave - 1) if octave > 0 else "," * -octave)


def chords_multiplied(line: str) -> str:
    """Put a chord's length on its notes where they have lengths too: both multiply.

    >>> chords_multiplied("[C2E2]3/2 [CE]2")
    '[C3E3] [CE]2'
    """
    return _CHORD.sub(_multiplied, line)


def _multiplied(chord: re.Match[str]) -> str:
    if not re.search(r"[\d/]", chord[1]):
        return chord[0]
    times = _length(chord[2])
    notes = _LENGTH.sub(lambda note: note[1] + _written(_length(note[2]) * times), chord[1])
    return f"[{notes}]"


def _length(text: str) -> Fraction:
    """A length as a multiple of the unit: "3/2", "/" is 1/2, "//" 1/4, "" is 1."""
    above, slashes, below = re.fullmatch(r"(\d*)(/*)(\d*).*", text).groups()  # type: ignore[union-attr]
    return Fraction(int(above or 1), int(below or 0) or 2 ** len(slashes))


def _written(length: Fraction) -> str:
    below = f"/{length.denominator}" if length.denominator > 1 else ""
    return f"{length.numerator}{below}" if length != 1 else ""


def unit_of(tune: str) -> Fraction:
    """The unit length of a tune's head: its L: field, else by its meter (a sixteenth below 3/4)."""
    head = re.split(r"(?m)^K:", tune)[0]
    given = re.findall(r"(?m)^L:(.*)$", head)
    if given and (unit := fraction(given[-1])):
        return unit
    meter = re.findall(r"(?m)^M:(.*)$", head)
    short = meter and (bar := fraction(meter[-1])) and bar < Fraction(3, 4)
    return Fraction(1, 16) if short else Fraction(1, 8)


def fraction(text: str) -> Fraction | None:
    """Read "1/8", or "1" alone; None for what is neither."""
    found = re.match(r" *(\d+)(?: */ *(\d+)| *(?:%|$))", text)
    below = int(found[2] or 1) if found else 0
    return Fraction(int(found[1]), below) if found and below else None


def bar_of(meter: str) -> Fraction | None:
    """Length of a bar in whole notes, None where a meter says none.

    >>> bar_of("C|"), bar_of("(2+3)/8"), bar_of("none")
    (Fraction(1, 1), Fraction(5, 8), None)
    """
    if meter in ("C", "C|"):
        return Fraction(1)
    found = re.fullmatch(r"\(?(\d+(?: *\+ *\d+)*)\)? */ *([1-9]\d*)", meter)
    return Fraction(sum(map(int, found[1].split("+"))), int(found[2])) if found else None


def tempo(text: str, unit: Fraction) -> float | None:
    """Quarter notes a minute of a Q: field, None where it gives no number; older forms count units.

    >>> tempo("C3=40", Fraction(1, 8)), tempo("120", Fraction(1, 8))
    (60.0, 60.0)
    """
    bare = re.sub(r'"[^"]*"?', "", text)
    beat, equals, count = bare.rpartition("=")
    number = re.search(r"\d+(?:\.\d+)?", count)
    if not number or float(number[0]) <= 0 or "/" in count[number.end() :]:  # 1/4=1/8 is no tempo
        return None
    length = sum(
        (Fraction(int(n), int(d)) for n, d in re.findall(r"(\d+)/([1-9]\d*)", beat)), Fraction(0)
    )
    if not length:
        times = re.search(r"C(\d*)", beat) if equals else None
        length = unit * int(times[1] or 1) if times else unit
    return float(4 * length) * float(number[0])
