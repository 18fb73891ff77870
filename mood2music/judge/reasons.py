"""Says why notes have the mood that they have: what mode, tempo, register and so on add to it."""

from dataclasses import dataclass

import numpy as np

from mood2music.arrays import Doubles
from mood2music.judge.cues import CUES, cues
from mood2music.judge.rated_mood import fitted, moods_of, windows
from mood2music.music.notes import Notes

# What people name, and the cues that belong to it; with each, the cue that tells which of two words
# fits, below and above what rated pieces have on average.
GROUPS: dict[str, tuple[tuple[str, ...], str, tuple[str, str]]] = {
    "mode": (
        ("majorness", "local_majorness", "thirds", "triads"),
        "majorness",
        ("minor", "major"),
    ),
    "key": (
        ("key_clarity", "chromatic", "entropy", "strain"),
        "key_clarity",
        ("unclear", "clear"),
    ),
    "dissonance": (("dissonance",), "dissonance", ("consonant", "dissonant")),
    "tempo": (("tempo",), "tempo", ("slow", "fast")),
    "density": (("onsets", "density"), "density", ("sparse", "dense")),
    "articulation": (("length", "articulation"), "length", ("short notes", "long notes")),
    "register": (("register", "melody", "bass"), "register", ("low", "high")),
    "range": (("spread", "steps"), "spread", ("narrow", "wide")),
    "texture": (("polyphony",), "polyphony", ("thin", "full")),
    "rhythm": (("irregularity", "off_beat"), "irregularity", ("even", "uneven")),
    "dynamics": (("loudness", "accents"), "loudness", ("soft", "loud")),
}
# Standard deviations from the mean within which neither word fits.
_MIDDLE = 0.25


@dataclass(frozen=True)
class Reason:
    """One of GROUPS: the word for what is there, and what it adds to each axis of the mood."""

    name: str
    word: str
    valence: float
    arousal: float


def reasons(notes: Notes) -> list[Reason]:
    """Give what each group adds to `rated_mood`, the strongest first; nothing without notes.

    A group adds the difference that its cues make against those of the average rated piece, mean
    over the windows. The sum is not the mood: the judge is no sum of its cues.
    """
    measured = np.array([cues(window) for window in windows(notes)])
    if not len(measured):
        return []
    weights = fitted()
    whole = moods_of(measured, weights)
    found = []
    for name, (members, telling, words) in GROUPS.items():
        here = [CUES.index(member) for member in members]
        without = measured.copy()
        without[:, here] = weights["mean"][here]
        valence, arousal = (whole - moods_of(without, weights)).mean(axis=0)
        word = _word(measured[:, CUES.index(telling)].mean(), telling, words, weights)
        found.append(Reason(name, word, float(valence), float(arousal)))
    return sorted(found, key=lambda r: -np.hypot(r.valence, r.arousal))


def _word(value: float, cue: str, words: tuple[str, str], weights: dict[str, Doubles]) -> str:
    place = CUES.index(cue)
    far = (value - weights["mean"][place]) / weights["scale"][place]
    if cue == "majorness":  # a mode has a middle of its own
        return words[int(value > 0)]
    return "middling" if abs(far) < _MIDDLE else words[int(far > 0)]
