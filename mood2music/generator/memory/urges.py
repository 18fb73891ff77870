"""Says what a guide wants of the next event: one note of it, or all of it."""

from dataclasses import dataclass

# Logits by which a note is likelier where it is due, of a tune that is taken up and of a motif, and
# by which all of an event is that is quoted.
URGED, URGED_MOTIF, URGED_QUOTE = 3.0, 5.0, 5.0


@dataclass(frozen=True)
class Urge:
    """The note of a tune that is due in `left` grid steps; top: the tune's last pitch.

    firm: logits by which it is likelier; over: whether all above it is as much unlikelier.
    """

    pitch: int
    left: int
    top: int
    firm: float
    over: bool = True


@dataclass(frozen=True)
class Quote:
    """An event that is due as it stands in the song, and how many grid steps it lasts.

    tokens: of its chord, likelier by `firm` logits while all others are as much unlikelier; None
    where none begins there: what is written lasts until one does
    """

    tokens: tuple[int, ...] | None
    duration: int
    firm: float = URGED_QUOTE
