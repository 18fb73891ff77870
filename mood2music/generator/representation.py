"""Defines what turns events into vectors, and contexts into the likelihood of what follows."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from torch import Tensor, nn

from mood2music.errors import SettingsError
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.heads import Nats
from mood2music.music.events import Events

if TYPE_CHECKING:
    from mood2music.generator.sampling.drawing import Drawer
    from mood2music.generator.settings import MusicModelSettings, NetworkSettings


class Representation(nn.Module, ABC):
    """How chords are read and written; derive from it and register it as "representation"."""

    # Whether a chord is one decision, not one a pitch.
    whole_chords: ClassVar[bool] = False

    @classmethod
    def learn(cls, pieces: Sequence[Events], settings: "MusicModelSettings") -> Any:
        """Make of the training pieces what it has to know beforehand; None where that is nothing.

        What it gives is handed to `make`; its tensors are part of the weights.
        """
        return None

    @classmethod
    def recall(cls, shape: Any) -> Any:
        """Make room for the same, of the `shape` that a checkpoint tells; None where it has none.

        Raises SettingsError for no such shape.
        """
        if shape is not None:
            raise SettingsError("settings.vocabulary: this representation has none")
        return None

    @classmethod
    @abstractmethod
    def make(cls, settings: "NetworkSettings", embedding: int, hidden: int, learnt: Any) -> Self:
        """Build it. embedding: width of an event's vector; hidden: of the context."""

    def shape(self) -> list[int] | None:
        """What `recall` needs, as a checkpoint's header keeps it."""
        return None

    def fault(self) -> str:
        """What is wrong with weights that were read from a file; "" where nothing is."""
        return ""

    @abstractmethod
    def embed(self, events: EventBatch) -> Tensor:
        """Vectors of events: (batch, time, embedding)."""

    def tables(self) -> tuple[Tensor, Tensor, Tensor, Tensor] | None:
        """The rows that vectors are sums of: by token, duration, place in the beat and level.

        The levels' are meant over an event's struck pitches. None where vectors are no such sums.
        """
        return None

    @abstractmethod
    def nats(
        self,
        context: Tensor,
        previous: Tensor,
        tokens: Tensor,
        durations: Tensor,
        levels: Tensor,
        scores: Tensor | None = None,
    ) -> Nats:
        """Negative log-likelihood of events.

        context: (n, hidden); previous: (n, pitches), the tokens of the event before;
        tokens: (n, pitches), durations: (n,), levels: (n, pitches): the events to score;
        scores: (n, SYMBOLS), added to those of the symbols, where the network has shortcuts.
        """

    @abstractmethod
    def token_nats(
        self, context: Tensor, previous: Tensor, tokens: Tensor, scores: Tensor | None = None
    ) -> Tensor:
        """Negative log-likelihood of each pitch, given those below it: (n, pitches), 0 for PAD.

        context, previous, tokens and scores are those of `nats`.
        """

    @abstractmethod
    def drawer(self) -> "Drawer":
        """What draws events from contexts with the weights that there are now, in numpy."""
