"""Keeps what players of a style do with what is written, and with other styles' songs."""

from collections.abc import Mapping
from dataclasses import dataclass

from mood2music.music.phrasing import Early


@dataclass(frozen=True)
class Idiom:
    """How a style's players read, accompany and play.

    accompaniment: the pattern under a tune, of `accompaniment.PLAYERS`; lead_sheets: whether they
    read tunes with chord symbols: of every song of the catalog they take the tune alone, in their
    own note values, and put chords of their own under it; register: the pitch that the middle of
    such a tune is brought nearest to, by octaves; early: which of its notes come before
    their beat; looser: of what plays bars that come back more exactly than its pieces have them,
    the share of the closer ones that are asked for more loosely (experiments/memory).

    band: who plays along, of `render.band.BANDS`; pedal: whether the sustain pedal is used; swings:
    whether eighths that are written straight are swung.
    """

    accompaniment: str = "block"
    lead_sheets: bool = False
    register: float | None = None
    early: Early | None = None
    looser: float = 0.0
    band: str = "none"
    pedal: bool = True
    swings: bool = False


# Patterns are what each style's own pieces have most. Of a file in another style each takes the
# tune alone: behind such files P(pop) is .91 so and .75 without, P(jazz) .89 and .58, P(classical)
# .86 and .65; from the catalog P(pop) is .92 with lead sheets and .74 without
# (experiments/style_path). Tunes of POP909 have 14 % of their onsets a sixteenth before the beat
# and 44 % on it; behind the catalog's songs 13 and 49 % are with this.
IDIOMS = {
    "jazz": Idiom("held", True, None, Early(2, 0.5), 0.3, band="jazz", pedal=False, swings=True),
    "classical": Idiom("broken", register=74.0),
    "pop": Idiom("ballad", True, 74.0, Early(4, 0.3), 0.4, band="pop"),
}
PLAIN = Idiom()


def idiom_of(style: str) -> Idiom:
    """Give a style's idiom; of one that has none chords in blocks, and nobody who plays along."""
    return IDIOMS.get(style, PLAIN)


def strongest(strengths: Mapping[str, float]) -> str:
    """Name the style that is asked most strongly, "" where none is."""
    style = max(strengths, key=lambda name: strengths[name], default="")
    return style if strengths.get(style, 0.0) > 0 else ""
