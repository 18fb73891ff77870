"""States what a user can ask of the music that a network learns from, and of its windows."""

from dataclasses import dataclass, field
from typing import ClassVar

from mood2music.command.ranges import at_least, one_of, shares, within
from mood2music.errors import SettingsError
from mood2music.registry import register
from mood2music.store.sources import MusicSourceSettings, find_root, find_store


@dataclass
class WindowSettings:
    """configs/data/{midi,corpus}.yaml, the part that says how windows are cut.

    include, exclude: patterns on a piece's path ("jazz/*"); held_out: share of the pieces for val
    and as much again for test; window: events of the longest window; shortest: of the shortest;
    batch_size: windows; epoch: windows an epoch (0: as many as cover the training events once);
    scored: held-out events that a network of "last" targets is scored on;
    transpose: keys that training windows are moved to at random, 12 for all, 0 or 1 for none;
    openings: share of training batches whose windows begin with some events, 64 at most, of pieces
    that `include` leaves out: they are not scored, and a style is learnt behind any seed;
    points: share of training windows that are told to which bar the piece returns, where the
    network has the memory "pointed": it learns to follow, and to do without;
    untold: probability that a training window is not told its mood, pace and mode, and each of the
    parts by itself, where the network reads them, and as probable for its chords;
    workers: processes that cut windows, 0: none but the one that trains, enough for a CPU; a GPU
    waits for fewer than 4;
    loss_share: share of a training window's predicted events that the loss is taken of, drawn anew
    each batch: the encoder reads all, but the heads, half of a step, see fewer;
    targets: last: of each window the event behind it alone is learnt and scored, whatever the
    network (null: all that it can predict, which of a BiLSTM is that one).
    """

    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    held_out: float = 0.1
    window: int = 64
    shortest: int = 8
    batch_size: int = 64
    epoch: int = 0
    scored: int = 4096
    transpose: int = 0
    openings: float = 0.0
    points: float = 0.5
    untold: float = 0.15
    workers: int = 0
    loss_share: float = 1.0
    targets: str | None = None

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        shares(self, "data.", "openings", "points", "untold")
        if not 0 < self.loss_share <= 1:
            raise SettingsError(f"data.loss_share={self.loss_share:g}: expected above 0, 1 at most")
        at_least(self, "data.", window=1, shortest=1, batch_size=1, epoch=0, scored=1, workers=0)
        if not 0 < self.held_out < 0.5:
            raise SettingsError(f"data.held_out={self.held_out:g}: expected above 0, below 0.5")
        within(self, "data.", 0, 12, "transpose")
        if self.targets is not None:
            one_of(self, "data.", targets=("last",))


@register("music_data", "midi", build="mood2music.store.sources:files")
@dataclass
class MusicDataSettings(WindowSettings, MusicSourceSettings):
    """configs/data/midi.yaml: what is read and how it is cut into windows.

    Other music data have these settings, their own beside them, and a name.
    """

    KIND: ClassVar[str] = "music_data"

    def check_place(self) -> None:
        """Raise DataError where the folder of music, or of the store, is not there."""
        if self.store is not None:
            find_store(self)
        else:
            self.check_root()

    def check_root(self) -> None:
        """Raise DataError where the folder of music is not there."""
        find_root(self.root)

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        MusicSourceSettings.check(self)
        WindowSettings.check(self)


@register("music_data", "corpus", build="mood2music.store.sources:works")
@dataclass
class CorpusDataSettings(MusicDataSettings):
    """configs/data/corpus.yaml: works of music21's corpus, which are where music21 is."""

    name: str = "corpus"
    limit: int = 60
    batch_size: int = 16
    epoch: int = 1024

    def check_root(self) -> None:
        """Raise nothing: no folder is read."""
