"""Says to a visitor what went wrong, in words that need no command line."""

import re

from mood2music.errors import Mood2MusicError, NoFaceError

# What a setting is called on the page.
FIELDS = {
    "length": "Length",
    "seconds": "Length",
    "bars": "Length",
    "unit": "Unit",
    "n": "Variants",
    "structure": "Sections",
    "tempo": "Tempo",
    "key": "Key signature",
    "model": "Network",
    "temperature": "Temperature",
    "keep_seed": "Open with the song's notes",
    "goal": "Where it leads",
    "theme": "How much of the song comes back",
    "accompany": "Accompaniment",
    "instrument": "Who plays the tune",
    "score_kind": "Score",
    "cadence": "End as a piece ends",
    "rewrite": "Bars",
    "like": "Variant",
    "want": "What to take",
    "pick": "Keep the one nearest to the mood",
    "style": "Style",
    "composer": "Composer",
    "mood": "Mood",
    "song": "Song",
}
NO_FACE = (
    "No face was found in that photo. Try one from the front, in good light and near enough, or "
    "choose a mood instead."
)
# Errors that visitors meet, and what they are told; \\1 is what the first brackets found.
TOLD = [
    (
        r"structure has (\S+): expected .*",
        r"Sections: “\1” is none. Write a letter for each section, with a number where it "
        r"comes back varied, such as A B A2.",
    ),
    (
        r"tempo=(\S+): expected 10 to 400.*",
        r"A tempo of \1 bpm cannot be played: give 10 to 400, or 0.",
    ),
    (r"the catalog has no songs.*", "No song is of that style and that composer: choose another."),
    (r"no song is chosen.*", "There is no song to begin with yet: choose a mood, or bring a file."),
]
# Ways out that only the command line has: "pass face.detector=none", ", or mood=[0.4,0.2]".
OPTION = r"(?:[\w.]+=\S+)"
WAYS = re.compile(rf"(?:[:;,]| or)? ?(?:pass|give|or|for example|with)? ?{OPTION}")


def in_words(error: Mood2MusicError) -> str:
    """Give a sentence for a visitor: what is wrong and what to do, without names of options.

    >>> from mood2music.errors import SettingsError
    >>> in_words(SettingsError("n=9: this page writes at most 4"))
    'Variants, 9: this page writes at most 4.'
    """
    text = str(error)
    if isinstance(error, NoFaceError):
        return NO_FACE
    for pattern, told in TOLD:
        if re.fullmatch(pattern, text, re.S):
            return re.sub(pattern, told, text, flags=re.S)
    named = re.fullmatch(r"([a-z_]+)(?:\.[\w.]+)?=(.*?): (.*)", text, re.S)
    if named and named[1] in FIELDS:
        name, value, rest = named.groups()
        text = f"{FIELDS[name]}, {value}: {WAYS.sub('', rest)}"
    else:
        text = WAYS.sub("", text)
    text = text.strip(" ,;:")
    return text[:1].upper() + text[1:] + "." * (not text.endswith("."))
