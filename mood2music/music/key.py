"""Finds the key of notes, and how far they move to be in C major or A minor."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import UnknownNameError
from mood2music.music.lead_sheet import chord_time, is_lead_sheet
from mood2music.music.notes import Notes

# Aarden-Essen key profiles, pitch classes from the tonic up: Aarden 2003, "Dynamic melodic
# expectancy", as music21's analyze("key") has them (music21.analysis.discrete.AardenEssen).
MAJOR = np.array(
    [17.7661, 0.145624, 14.9265, 0.160186, 19.8049, 11.3587,
     0.291248, 22.062, 0.145624, 8.15494, 0.232998, 4.95122]
)  # fmt: skip
MINOR = np.array(
    [18.2648, 0.737619, 14.0499, 16.8599, 0.702494, 14.4362,
     0.702494, 18.6161, 4.56621, 1.93186, 7.37619, 1.75623]
)  # fmt: skip


def _rotations(profile: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    centred = profile - profile.mean()
    return [np.roll(centred / np.linalg.norm(centred), tonic) for tonic in range(12)]


# (24, 12): major keys from C up, then minor ones, of mean 0 and length 1.
PROFILES = np.array(_rotations(MAJOR) + _rotations(MINOR))

# How far the correlation of a stated key may lie below the best one's. Of 355 scores of music21's
# corpus that state theirs 17 lie further, most of them old ones with a flat less than their minor
# has; of signatures a second or a third beside it 97 of 100 do, of those a fifth beside it 57.
BELIEVED = 0.25
# Correlation between relative keys within which the last bass note says which it is: of those
# scores 317 are then in the stated one of the two, 307 by correlation alone.
ALIKE = 0.1

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


@dataclass(frozen=True)
class Key:
    """A tonic (pitch class, 0 is C) and a mode ("major" or "minor")."""

    tonic: int
    mode: str

    @property
    def name(self) -> str:
        """For example "Eb major" or "F# minor"."""
        return f"{NAMES[self.tonic]} {self.mode}"

    @property
    def to_c(self) -> int:
        """Semitones, -6 to 5, that move this key to C major or A minor."""
        home = 0 if self.mode == "major" else 9
        return (home - self.tonic + 6) % 12 - 6


def find_key(notes: Notes) -> Key:
    """Find the key whose profile correlates most with the pitch classes, weighted by duration.

    The algorithm is Krumhansl and Schmuckler's (Krumhansl 1990) with Aarden-Essen profiles. A
    piece without notes, or of all twelve equally long, is called C major by its flat histogram; of
    one pitch class alone the key is the major one that it is the fifth of: of C, F major.
    """
    correlation = _correlation(notes)
    best = 0
    for i, r in enumerate(correlation):
        if r > correlation[best] + 1e-12:  # of equals the first, whatever the rounding
            best = i
    return Key(best % 12, ("major", "minor")[best // 12])


def _correlation(notes: Notes) -> list[float]:
    """Of the pitch classes with each of PROFILES; 0 with all for a flat histogram.

    A lead sheet's chords count as if they were held.
    """
    histogram = np.bincount(
        notes.pitch.astype(np.int64) % 12, weights=notes.duration, minlength=12
    ).astype(float)
    if is_lead_sheet(notes):
        histogram += chord_time(notes)
    if histogram.std() == 0:
        return [0.0] * len(PROFILES)
    centred = histogram - histogram.mean()
    fits: list[float] = (PROFILES @ (centred / np.linalg.norm(centred))).tolist()
    return fits


def key_of(notes: Notes) -> Key:
    """Take the key that the file states where the notes do not contradict it, else `find_key`.

    They do where its profile correlates by more than BELIEVED less than the best one. A signature
    alone, or one whose mode is contradicted, is the better of its two relative keys, where they
    are nearly ALIKE that of the last bass note.
    """
    stated = notes.stated_key
    if stated is None or not len(notes):
        return find_key(notes)
    fits = _correlation(notes)

    def fit(key: Key) -> float:
        return fits[key.tonic + 12 * (key.mode == "minor")]

    least = max(fits) - BELIEVED
    if stated.mode and fit(Key(*stated)) >= least:
        return Key(*stated)
    home = _home(stated.tonic, stated.mode)
    relatives = [Key(home, "major"), Key((home + 9) % 12, "minor")]
    best = max(relatives, key=fit)
    if abs(fit(relatives[0]) - fit(relatives[1])) <= ALIKE:
        sounding = notes.pitch[notes.onset + notes.duration > notes.onset.max()]
        best = next((k for k in relatives if k.tonic == sounding.min() % 12), best)
    return best if fit(best) >= least else find_key(notes)


def _home(tonic: int, mode: str) -> int:
    """The tonic of the major key that has the same signature; its own without a mode."""
    return (tonic + 3 * (mode == "minor")) % 12


def doubted(notes: Notes) -> str:
    """Say which stated key `key_of` does not take, and what it takes; "" where it takes it."""
    stated, key = notes.stated_key, key_of(notes)
    if stated is None:
        return ""
    if stated.mode:
        said, same = Key(*stated).name, key == Key(*stated)
    else:
        said = f"the signature of {Key(stated.tonic, 'major').name}"
        same = _home(key.tonic, key.mode) == stated.tonic
    return "" if same else f"{key.name} by the notes: the file states {said}"


def with_signs(name: str) -> str:
    """Give a key's name as it is printed.

    >>> with_signs("Eb major"), with_signs("F# minor")
    ('E♭ major', 'F♯ minor')
    """
    return re.sub(r"^([A-G])[b-]", r"\1♭", name).replace("#", "♯")


def parse_key(text: str) -> Key:
    """Read "G", "Bb", "B♭", "F#m", "f# minor" or "E- major"; without a mode it is major.

    Raises UnknownNameError for anything else.
    """
    tonic, mode = _read(text)
    return Key(tonic, mode or "major")


def _read(text: str) -> tuple[int, str | None]:
    match = re.fullmatch(r"([A-Ga-g])([#♯b♭-]?)\s*(major|minor|maj|min|m)?", text.strip())
    if match is None:
        raise UnknownNameError(
            f"key={text}: expected a tonic and a mode, for example key=G or key='F# minor'"
        )
    letter, sign, mode = match.groups()
    tonic = NAMES.index(letter.upper()) + {"": 0, "#": 1, "♯": 1}.get(sign, -1)
    return tonic % 12, {"m": "minor", "min": "minor", "maj": "major"}.get(mode, mode)


def with_its_mode(song: Key, asked: str | None) -> str:
    """Say what becomes of an asked key whose mode the song has not; "" where nothing does.

    >>> with_its_mode(Key(0, "major"), "A minor")
    'C major, of the same signature as A minor: a song keeps its mode'
    """
    if asked is None or _read(asked)[1] in (None, song.mode):
        return ""
    key, _ = result_key(song, asked)
    return f"{key.name}, of the same signature as {parse_key(asked).name}: a song keeps its mode"


def octaves_above(key: Key, shift: int) -> int:
    """Octaves by which `shift` semitones from C major or A minor pass the nearest place of a key.

    >>> octaves_above(Key(7, "major"), -5), octaves_above(Key(7, "major"), 7)
    (0, 1)
    """
    return (shift + key.to_c) // 12


def result_key(song: Key, asked: str | None) -> tuple[Key, int]:
    """The key of the result, and the semitones from C major or A minor to it.

    A key that is asked for stands for its signature: key=G is G major, or E minor for a song in
    minor, since transposing cannot change the mode. It is the one nearest to where the song lies,
    at most a tritone below it.
    """
    if asked is None:
        return song, -song.to_c
    wanted = parse_key(asked)
    moved = (song.to_c - wanted.to_c + 6) % 12 - 6
    shift = moved - song.to_c
    return Key((shift + (0 if song.mode == "major" else 9)) % 12, song.mode), shift
