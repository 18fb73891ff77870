"""What a file says of its chords, as a lead sheet does: a root, a kind and a bass, from a place on.

Of each what a player voices is told apart, four pitches at most: sevenths, sixths, altered fifths
and suspensions. Ninths and beyond are kept as what the symbol says.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from mood2music.music.stated_key import STEPS

_SIGNS = {"": 0, "#": 1, "b": -1, "##": 2, "bb": -2}
_ROOT = "([A-G])(##|bb|[#b])?"
# Signs as music fonts and Unicode have them, and as they are typed.
_TYPED = str.maketrans("♯♭△", "#bΔ")
_SYMBOL = re.compile(rf"{_ROOT}([^/]*)(?:/([A-Ga-g])(##|bb|[#b])?)?")
_NONE = re.compile(r"n\.? ?c\.?", re.IGNORECASE)
# What stands behind a quality, one after another: 7, maj7, 69, sus4, b5, add9.
_SIGN = re.compile(
    r"([Mm]aj7|M[Aa]7|ma7|M7|Δ7?|add[#b]?\d+|sus[24]?|alt|aug|[#b+-](?:5|9|11|13)|\+|(?:no|omit)\d"
    r"|13|11|69|[7-9]|6|5|4|2|,)"
)
_ALTERED = {"": 0, "#": 1, "+": 1, "b": -1, "-": -1}
# Semitones above the root of ninths, elevenths and thirteenths, and which of them a number means.
DEGREES = {"9": 14, "11": 17, "13": 21}
STACKED = {"9": {14}, "11": {14, 17}, "13": {14, 21}}
# What a symbol's quality begins with, longest first: third, fifth and seventh that it has where
# nothing behind it says otherwise, and the seventh that a 7 to 13 behind it is.
_QUALITIES: tuple[tuple[str, tuple[int, int, int | None], int], ...] = (
    (r"maj|Maj|MAJ|ma(?!j|dd)|M[Aa]|M(?!I)|Δ|\^", (4, 7, None), 11),
    (r"min|Min|MIN|mi|Mi|MI|m|-", (3, 7, None), 10),
    (r"dim|o|°", (3, 6, None), 9),
    (r"aug|\+(?!5|9|11|13)", (4, 8, None), 10),
    (r"ø|Ø|h", (3, 6, 10), 10),
    ("", (4, 7, None), 10),
)


class StatedChord(NamedTuple):
    """A chord from a grid step on, until the next one.

    root, bass: pitch classes, C is 0; pitches: semitones above the root, the root's 0 first, then
    third, fifth and what else there is; () where no chord is to sound; above: ninths, elevenths and
    thirteenths, ascending, semitones above the root; said: False where what the file says ends.
    """

    step: int
    root: int
    pitches: tuple[int, ...]
    bass: int
    above: tuple[int, ...] = ()
    said: bool = True

    def transposed(self, semitones: int) -> "StatedChord":
        """Move it along with the notes."""
        root, bass = ((pitch + semitones) % 12 for pitch in (self.root, self.bass))
        return self._replace(root=root, bass=bass)


NO_CHORD = StatedChord(0, 0, (), 0)
UNSAID = NO_CHORD._replace(said=False)


def chords_at(said: Iterable[StatedChord]) -> tuple[StatedChord, ...]:
    """Give chords in order of time; of several at one place, as two parts say them, the first."""
    found: dict[int, StatedChord] = {}
    for chord in said:
        found.setdefault(chord.step, chord)
    return tuple(found[step] for step in sorted(found))


def of_symbol(text: str) -> StatedChord | None:
    """Read a chord symbol as it is written above a tune; None for what is none.

    >>> of_symbol("F#m7b5/C"), of_symbol("Bbmaj9"), of_symbol("N.C."), of_symbol("Fine")
    (StatedChord(step=0, root=6, pitches=(0, 3, 6, 10), bass=0, above=(), said=True), \
StatedChord(step=0, root=10, pitches=(0, 4, 7, 11), bass=10, above=(14,), said=True), \
StatedChord(step=0, root=0, pitches=(), bass=0, above=(), said=True), None)
    """
    if _NONE.fullmatch(text.strip()):
        return NO_CHORD
    bare = text.translate(_TYPED).replace(" ", "").replace("6/9", "69")
    bare = re.sub(r"/(?=[#b+-]?\d)", ",", bare)  # C7/9 has a ninth, and no bass
    # G(Em) has a chord that may stand for it behind it; other brackets are around signs.
    bare = re.sub(r"[()]", ",", re.sub(r"(?<=.)\([A-G].*", "", bare)).strip(",")
    found = _SYMBOL.fullmatch(bare)
    quality = found and _of_quality(found[3])
    if found is None or quality is None:
        return None
    pitches, above = quality
    root = _pitch_class(found[1], found[2])
    bass = _pitch_class(found[4], found[5]) if found[4] else root
    return StatedChord(0, root, pitches, bass, above)


def _pitch_class(letter: str, sign: str | None) -> int:
    return (STEPS[letter.upper()] + _SIGNS[sign or ""]) % 12


def _of_quality(text: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Pitches, and those above, by what stands behind the root; None for no quality of a chord."""
    for begins, tones, seventh in _QUALITIES:
        begun = re.match(begins, text)
        if begun is None:
            continue
        third, fifth, added = tones
        rest = text[begun.end() :]
        above: set[int] = set()
        for sign in filter(None, _SIGN.split(rest)):
            match sign:
                case "7" | "9" | "11" | "13":
                    added = seventh
                    above |= STACKED.get(sign, set())
                case "maj7" | "Maj7" | "ma7" | "Ma7" | "MA7" | "M7" | "Δ" | "Δ7":
                    added = 11
                case "6" | "69":
                    added = 9
                    above |= STACKED["9"] if sign == "69" else set()
                case "sus" | "sus4" | "4":
                    third = 5
                case "sus2":
                    third = 2
                case "b5" | "-5":
                    fifth = 6
                case "#5" | "+5" | "+" | "aug":
                    fifth = 8
                case "5" if begun[0] == "" and rest == "5":
                    third = 7
                case "no3" | "omit3":
                    third = 7
                case "alt":
                    fifth, added = 8, 10
                case "2" | ",":
                    pass
                case _ if tension := re.fullmatch(r"(?:add)?([#b+-]?)(9|11|13)", sign):
                    above.add(DEGREES[tension[2]] + _ALTERED[tension[1]])
                case _ if re.fullmatch(r"add[#b]?\d+|(?:no|omit)\d", sign):
                    pass
                case _:
                    return None
        if above & {13, 15}:  # C9 with a flat ninth has no other
            above.discard(14)
        return stack(third, fifth, added), tuple(sorted(above))
    return None


def stack(third: int, fifth: int, added: int | None) -> tuple[int, ...]:
    """Pitches of a chord above its root; added: its seventh or sixth."""
    return (0, third, fifth) if added is None else (0, third, fifth, added)
