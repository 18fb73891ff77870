"""Places a mood as people write it, a word or two numbers, on the plane."""

import difflib
import math
from typing import Any

from mood2music.command.settings import plain, shown
from mood2music.errors import MoodError
from mood2music.face.labels import CLASS_MEANS, EXPRESSIONS, expression
from mood2music.mood import Mood

# As one asks for them; each stands for one of AffectNet's expressions.
ADJECTIVES = ("happy", "sad", "surprised", "afraid", "disgusted", "angry", "neutral")
# Everyday words for the same.
ALSO = {
    "joy": "happiness",
    "joyful": "happiness",
    "cheerful": "happiness",
    "unhappy": "sadness",
    "amazed": "surprise",
    "scared": "fear",
    "anxious": "fear",
    "furious": "anger",
}


# Moods that no expression of a face stands for, by their place on the circle of affect, in degrees
# from pleasant to excited (Russell 1980, Journal of Personality and Social Psychology 39), and how
# far from its middle they lie: as far as AffectNet's expressions do.
CIRCLE = {"excited": 45, "tense": 135, "gloomy": 225, "tired": 270, "calm": 315}
RADIUS = 0.7
SAME = {"stressed": "tense", "depressed": "gloomy", "sleepy": "tired", "relaxed": "calm"}


def as_mood(value: Any, option: str = "mood") -> Mood:
    """Give the mood that was asked for: a Mood, two numbers in any list or array, or a word.

    A word stands for the mean of AffectNet's faces of that expression, `labels.CLASS_MEANS`; so
    mood=happy is where a happy face in a photo lies. One of CIRCLE is no expression, and lies on
    the circle of affect. option: what it is called in a message. Raises MoodError for anything
    else, naming near words.

    >>> as_mood("happy"), as_mood((0.5, 0.2))
    (Mood(valence=0.672, arousal=0.081), Mood(valence=0.5, arousal=0.2))
    """
    if isinstance(value, Mood):
        return value
    value = plain(value)
    if isinstance(value, str):
        return _named(value, option)
    numbers = list(value) if isinstance(value, list | tuple) else []
    if len(numbers) == 2:
        pair = [plain(number) for number in numbers]
        if all(isinstance(n, int | float) and not isinstance(n, bool) for n in pair):
            return Mood(*map(float, pair))
    raise MoodError(
        f"{option}={shown(value)}: expected valence and arousal, each -1 to 1, "
        f"{option}=[0.4,-0.2], or a word such as {option}=happy"
    )


def as_moods(value: Any, option: str = "mood") -> list[Mood]:
    """Give a way of moods, the first to the last: several that `as_mood` takes, or one alone.

    Raises MoodError as `as_mood`, and for a list of one or none.

    >>> as_moods("happy"), len(as_moods([[-0.5, -0.4], "happy"]))
    ([Mood(valence=0.672, arousal=0.081)], 2)
    """
    several = plain(value)
    if isinstance(value, Mood) or not isinstance(several, list | tuple) or _is_pair(several):
        return [as_mood(value, option)]
    if len(several) < 2:
        raise MoodError(
            f"{option}={shown(several)}: expected one mood, {option}=[0.4,-0.2], or two and more "
            f"on the way from the first to the last, {option}=[[-0.5,-0.4],[0.6,0.5]]"
        )
    return [as_mood(one, option) for one in several]


def _is_pair(values: Any) -> bool:
    """Whether these are meant for one mood's two numbers, rather than for several moods."""
    return bool(values) and not any(isinstance(v, str | list | tuple | Mood) for v in values)


def _named(word: str, option: str) -> Mood:
    folded = word.strip().casefold()
    name = expression(folded) or ALSO.get(folded)
    if name is not None:
        return CLASS_MEANS[name]
    degrees = CIRCLE.get(SAME.get(folded, folded))
    if degrees is not None:
        at = math.radians(degrees)
        return Mood(round(RADIUS * math.cos(at), 3), round(RADIUS * math.sin(at), 3))
    known = list(dict.fromkeys([*ADJECTIVES, *EXPRESSIONS, *ALSO, *CIRCLE, *SAME]))
    close = difflib.get_close_matches(folded, known, 2, 0.6)
    meant = f"did you mean {' or '.join(close)}? " if close else ""
    raise MoodError(
        f"{option}={shown(word)}: {meant}expected {', '.join([*ADJECTIVES, *CIRCLE])}, or valence "
        f"and arousal, each -1 to 1: {option}=[0.4,-0.2]"
    )
