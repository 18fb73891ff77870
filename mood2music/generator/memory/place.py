"""Names a bar that a bar of a piece comes back to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A bar to come back to: of the song or of the piece itself, by its number there.

    move: the row of MOVES by which it is moved; tune: whether its tune alone comes back, over other
    chords
    """

    in_song: bool
    bar: int
    move: int = 0
    tune: bool = False


def own_bar(place: Place | None) -> int | None:
    """The bar of the piece that comes back; None for new matter and for the song's."""
    return None if place is None or place.in_song else place.bar
