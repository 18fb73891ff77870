"""Gives the code of an expression's name in AffectNet, and its mean mood."""

from mood2music.mood import Mood

# AffectNet's codes (Mollahosseini et al. 2017): 8 none, 9 uncertain and 10 no face are left out.
EXPRESSIONS = (
    "neutral",
    "happiness",
    "sadness",
    "surprise",
    "fear",
    "disgust",
    "anger",
    "contempt",
)

# Means of (valence, arousal) over AffectNet's 3,999 published validation annotations. Russell &
# Mehrabian (1977) differ by more than .3 in the valence of fear (-.64), the arousal of happiness
# (.51), and by .22 in the valence of surprise (.40).
CLASS_MEANS = {
    "neutral": Mood(-0.025, -0.019),
    "happiness": Mood(0.672, 0.081),
    "sadness": Mood(-0.628, -0.267),
    "surprise": Mood(0.183, 0.701),
    "fear": Mood(-0.117, 0.760),
    "disgust": Mood(-0.684, 0.446),
    "anger": Mood(-0.426, 0.554),
    "contempt": Mood(-0.510, 0.576),
}

# What folders of FER2013, RAF-DB, CK+ and others call the same classes.
SYNONYMS = {
    "angry": "anger",
    "disgusted": "disgust",
    "afraid": "fear",
    "fearful": "fear",
    "happy": "happiness",
    "sad": "sadness",
    "surprised": "surprise",
    "contemptuous": "contempt",
}


def expression(name: str) -> str | None:
    """Give the class that a folder's name stands for; None when it is none of the eight.

    >>> expression("Angry"), expression("images")
    ('anger', None)
    """
    lowered = name.strip().lower()
    lowered = SYNONYMS.get(lowered, lowered)
    return lowered if lowered in EXPRESSIONS else None
