"""Keeps what players of a style do with what is written, and with other styles' songs."""

from collections.abc import Mapping
from dataclasses import dataclass

from mood2music.music.phrasing import DETACHED, SUNG, Articulation, Early

# Lowest and highest key of a piano, A0 to C8; and from where on jazz and pop play: 57 in 60 pieces
# of theirs have no note below C2 and G1.
PIANO, FROM_C2, FROM_G1 = (21, 108), (36, 108), (31, 108)


@dataclass(frozen=True)
class Idiom:
    """How a style's players read, accompany and play.

    accompaniment: the pattern under a tune, of `accompaniment.PLAYERS`; lead_sheets: whether they
    read tunes with chord symbols: of every song of the catalog they take the tune alone, in their
    own note values, and put chords of their own under it; register: the pitch that the middle of
    such a tune is brought nearest to, by octaves; early: which of its notes come before their beat;
    articulation: how early they end; looser: of what plays bars that come back more exactly than
    its pieces have them, the share of the closer ones that are asked for more loosely
    (experiments/memory); compass: lowest and highest pitch of what is written.

    band: who plays along, of `render.band.BANDS`; pedal: whether the sustain pedal is used; swings:
    whether eighths that are written straight are swung.
    """

    accompaniment: str = "block"
    lead_sheets: bool = False
    register: float | None = None
    early: Early | None = None
    articulation: Articulation | None = None
    looser: float = 0.0
    compass: tuple[int, int] = PIANO
    band: str = "none"
    pedal: bool = True
    swings: bool = False


# Patterns are what each style's own pieces have most. Of a file in another style each takes the
# tune alone: behind such files P(pop) is .91 so and .75 without, P(jazz) .89 and .58, P(classical)
# .86 and .65; from the catalog P(pop) is .92 with lead sheets and .74 without
# (experiments/style_path). Tunes of POP909 have 14 % of their onsets a sixteenth before the beat
# and 44 % on it; behind the catalog's songs 13 and 49 % are with this.
IDIOMS = {
    "jazz": Idiom(
        "held", True, None, Early(2, 0.5), DETACHED, 0.3, FROM_C2, "jazz", False, swings=True
    ),
    "classical": Idiom("broken", register=74.0),
    "pop": Idiom("ballad", True, 74.0, Early(4, 0.3), SUNG, 0.4, FROM_G1, "pop"),
}
PLAIN = Idiom()


def idiom_of(style: str) -> Idiom:
    """Give a style's idiom; of one that has none chords in blocks, and nobody who plays along."""
    return IDIOMS.get(style, PLAIN)


def strongest(strengths: Mapping[str, float]) -> str:
    """Name the style that is asked most strongly, "" where none is."""
    style = max(strengths, key=lambda name: strengths[name], default="")
    return style if strengths.get(style, 0.0) > 0 else ""
