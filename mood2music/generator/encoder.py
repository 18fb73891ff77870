"""Defines what every encoder of events says of itself: how far back it reads, and if it steps."""

from typing import TYPE_CHECKING, Any, ClassVar

from torch import Tensor, nn

if TYPE_CHECKING:
    from mood2music.generator.conditions import Conditions
    from mood2music.generator.representation import Representation
    from mood2music.generator.sampling.reading import Reader

# Events in sight at most of what reads windows: the longest of training.
CONTEXT = 64


class Encoder(nn.Module):
    """Vectors of events to what follows from them; derive from it and register it as "encoder".

    It is built from its settings alone. `forward` maps vectors (batch, time, embedding) to contexts
    (batch, time, out_size), each of the events up to its own; with targets "last" to
    (batch, 1, out_size), the context behind all of them.
    """

    out_size: int
    # Which events of a window are predicted: "all" from the second on, or the "last".
    targets: ClassVar[str] = "all"
    # Whether `step` carries a state on: then each event is read once, and all of them count.
    recurrent: ClassVar[bool] = False
    # Events that one without a state reads before each that it predicts.
    context: ClassVar[int] = CONTEXT

    def step(self, vectors: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """Read `vectors` on from `state` -> the last context (batch, out_size), the state."""
        raise NotImplementedError(f"{type(self).__name__} carries no state on")

    def quick_reader(
        self, representation: "Representation", conditions: "Conditions | None" = None
    ) -> "Reader | None":
        """A program of its own that reads one event at a time; None: torch does it.

        conditions: what is added to an event's vector, None where nothing is.
        """
        return None
