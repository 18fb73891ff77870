"""Names in a musician's words who plays, what goes under the tune, and what is printed."""

from typing import Any

from mood2music.render.settings import RenderSettings

# General MIDI names that `instrument` takes. Those from the violin to the horn play one note at a
# time, so they have the tune; where no band plays, the others have all of a piece.
INSTRUMENTS = {
    "Piano": "piano",
    "Violin": "violin",
    "Cello": "cello",
    "Flute": "flute",
    "Recorder": "recorder",
    "Oboe": "oboe",
    "Clarinet": "clarinet",
    "Saxophone": "sax",
    "Trumpet": "trumpet",
    "Horn": "horn",
    "Vibraphone": "vibraphone",
    "Guitar": "guitar",
    "Harp": "orchestral harp",
    "Harpsichord": "harpsichord",
    "Church organ": "church organ",
}
# Values of `accompany`: a pattern goes under the tune of any song.
PATTERNS: dict[str, str | bool | None] = {
    "As the style has it": None,
    "Held chords": "held",
    "Chords, each struck anew": "block",
    "Bass and chord in turn (stride)": "stride",
    "Broken chords": "broken",
    "As in a pop ballad": "ballad",
    "Jazz chords (comping)": "comp",
    "Walking bass": "walking",
    "None added: the song as it is": False,
}
# Values of `render.score_kind`.
SCORES = {"Piano score": "piano", "Lead sheet": "lead"}


def as_offered(render: RenderSettings) -> list[list[Any]]:
    """Give what results.js offers for playing and printing anew: [field, label, names, chosen]."""
    return [
        ["instrument", "played by", list(INSTRUMENTS), _name_of(render.program, INSTRUMENTS)],
        ["score", "printed as", list(SCORES), _name_of(render.score_kind, SCORES)],
    ]


def _name_of(value: str, among: dict[str, str]) -> str:
    return next(name for name, own in among.items() if own == value)
