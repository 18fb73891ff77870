"""Says in a visitor's words what moods are, why a piece has its own, and what a face may show."""

from collections.abc import Mapping, Sequence

from mood2music.face.labels import CLASS_MEANS, EXPRESSIONS, expression
from mood2music.face.named import ADJECTIVES, as_mood
from mood2music.judge.reasons import Reason
from mood2music.mood import Mood

# Moods in a word. Happy, sad and angry lie where `mood=happy` does; excited, calm and tired by
# their angles in Russell's scaling of words (1980; 48.6, 316.2, 267.7 degrees), at radius .8.
WORDS = {
    "excited": Mood(0.53, 0.6),
    "happy": as_mood("happy"),
    "calm": Mood(0.58, -0.55),
    "tired": Mood(-0.03, -0.8),
    "sad": as_mood("sad"),
    "angry": as_mood("angry"),
}
# Nearer than this to the middle of the plane a mood is none of the words; its word is another's too
# where that lies no more than BETWEEN farther away.
NEUTRAL, BETWEEN = 0.2, 0.1
# Reasons that are told, and what the least of them adds to an axis.
TOLD, LEAST = 3, 0.05
# What the judge's groups and words are called in a sentence; "middling" is told of none.
NAMED = {
    ("mode", "major"): "its major mode",
    ("mode", "minor"): "its minor mode",
    ("key", "clear"): "its clear key",
    ("key", "unclear"): "its wandering key",
    ("dissonance", "consonant"): "its consonant chords",
    ("dissonance", "dissonant"): "its dissonant chords",
    ("tempo", "slow"): "its slow tempo",
    ("tempo", "fast"): "its fast tempo",
    ("density", "sparse"): "its few notes",
    ("density", "dense"): "its many notes",
    ("articulation", "short notes"): "its short notes",
    ("articulation", "long notes"): "its long notes",
    ("register", "low"): "its low register",
    ("register", "high"): "its high register",
    ("range", "narrow"): "its narrow range",
    ("range", "wide"): "its wide range",
    ("texture", "thin"): "its thin texture",
    ("texture", "full"): "its full texture",
    ("rhythm", "even"): "its even rhythm",
    ("rhythm", "uneven"): "its uneven rhythm",
    ("dynamics", "soft"): "its soft playing",
    ("dynamics", "loud"): "its loud playing",
}
# What of these listeners hear in one way alone (Gabrielsson & Lindström 2010, The role of structure
# in the musical expression of emotions). A group has several cues, and the word tells of one: music
# in minor with many major thirds is brighter by its mode than the judge's average piece.
HEARD = {
    ("mode", "major"): "brighter",
    ("mode", "minor"): "darker",
    ("key", "clear"): "brighter",
    ("key", "unclear"): "darker",
    ("dissonance", "consonant"): "brighter",
    ("dissonance", "dissonant"): "darker",
    ("tempo", "slow"): "calmer",
    ("tempo", "fast"): "livelier",
    ("density", "sparse"): "calmer",
    ("density", "dense"): "livelier",
    ("articulation", "short notes"): "livelier",
    ("articulation", "long notes"): "calmer",
    ("dynamics", "soft"): "calmer",
    ("dynamics", "loud"): "livelier",
}
# Each axis: the way up and the way down.
VALENCE, AROUSAL = ("brighter", "darker"), ("livelier", "calmer")


def word_of(mood: Mood) -> str:
    """Give the word nearest to a mood, or the two that it lies between.

    >>> word_of(Mood(0.6, 0.1)), word_of(Mood(0.6, 0.33)), word_of(Mood(0.0, 0.1))
    ('happy', 'between happy and excited', 'neutral')
    """
    if mood.distance(Mood(0.0, 0.0)) < NEUTRAL:
        return "neutral"
    first, second = sorted(WORDS, key=lambda word: WORDS[word].distance(mood))[:2]
    farther = WORDS[second].distance(mood) - WORDS[first].distance(mood)
    return first if farther > BETWEEN else f"between {first} and {second}"


def because(reasons: Sequence[Reason], mode: str | None = None) -> str:
    """Say what makes a piece brighter or darker, livelier or calmer, the strongest first.

    What goes against HEARD is left out, and a mode other than `mode`, that of the piece's key.

    >>> because([Reason("tempo", "fast", 0.1, 0.3), Reason("mode", "minor", -0.2, 0.0)])
    'livelier by its fast tempo, darker by its minor mode'
    """
    told: dict[str, list[str]] = {}
    strong = 0
    for reason in reasons:
        named = NAMED.get((reason.name, reason.word))
        strongest = max(reason.valence, reason.arousal, key=abs)
        if named is None or abs(strongest) < LEAST:
            continue
        ways = VALENCE if strongest == reason.valence else AROUSAL
        way, other = ways if strongest > 0 else ways[::-1]
        another_mode = reason.name == "mode" and mode not in (None, reason.word)
        if HEARD.get((reason.name, reason.word)) == other or another_mode:
            continue
        told.setdefault(way, []).append(named)
        strong += 1
        if strong == TOLD:
            break
    return ", ".join(f"{way} by {' and '.join(named)}" for way, named in told.items())


def guesses(expressions: Mapping[str, float], most: int = 3) -> list[tuple[str, Mood, float]]:
    """Give the likeliest expressions of a face: each in a word, its mean mood, its probability.

    >>> guesses({"neutral": 0.5, "sadness": 0.3, "anger": 0.2}, 2)[1]
    ('sad', Mood(valence=-0.628, arousal=-0.267), 0.3)
    """
    adjectives = {expression(word): word for word in ADJECTIVES}
    named = {name: adjectives.get(name, "contemptuous") for name in EXPRESSIONS}
    likely = sorted(expressions, key=lambda name: -expressions[name])[:most]
    return [(named[name], CLASS_MEANS[name], expressions[name]) for name in likely]
