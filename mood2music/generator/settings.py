"""What a user can ask of a network of events and of the windows that it learns from."""

from dataclasses import dataclass, field
from typing import Any

from mood2music.command.ranges import at_least, one_of, shares, within
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.store.sources import MusicSourceSettings

# Most words of the chord vocabulary; in 1,000 pieces 5,000 chords cover about nine events of ten.
CHORDS = 5000
REPRESENTATIONS = ("pitchwise", "chord")


@dataclass
class LSTMSettings:
    """configs/model/lstm.yaml. hidden: units a layer; embedding: width of an event's vector."""

    hidden: int = 256
    layers: int = 2
    embedding: int = 256
    dropout: float = 0.2

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "model.encoder.", hidden=1, layers=1, embedding=1)
        shares(self, "model.encoder.", "dropout")


@dataclass
class BiLSTMAttentionSettings:
    """configs/model/bilstm_attention.yaml. hidden: units of the second layer; the first has half
    of them a direction; embedding: width of an event's vector.
    """

    hidden: int = 256
    embedding: int = 256
    dropout: float = 0.2

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "model.encoder.", hidden=2, embedding=1)
        shares(self, "model.encoder.", "dropout")
        if self.hidden % 2:
            raise SettingsError(f"model.encoder.hidden={self.hidden}: expected an even number")


@dataclass
class TransformerSettings:
    """configs/model/transformer.yaml, which has as many parameters as lstm.yaml.

    hidden: width of a layer; feedforward: width inside it; heads: of its attention; distances:
    events back that are told apart, further ones count as the furthest; embedding: width of an
    event's vector.
    """

    hidden: int = 256
    layers: int = 2
    heads: int = 4
    feedforward: int = 512
    distances: int = 64
    embedding: int = 256
    dropout: float = 0.2

    def check(self) -> None:
        """Raise SettingsError for a value outside its range, or heads that do not divide hidden."""
        at_least(
            self, "model.encoder.", hidden=1, layers=1, feedforward=1, distances=1, embedding=1
        )
        shares(self, "model.encoder.", "dropout")
        if self.heads < 1 or self.hidden % self.heads:
            raise SettingsError(
                f"model.encoder.heads={self.heads}: expected a divisor of "
                f"model.encoder.hidden={self.hidden}"
            )


# The kinds of network, each with the sizes that it asks for.
EncoderSettings = LSTMSettings | BiLSTMAttentionSettings | TransformerSettings
ENCODERS: dict[str, type[EncoderSettings]] = {
    "lstm": LSTMSettings,
    "bilstm_attention": BiLSTMAttentionSettings,
    "transformer": TransformerSettings,
}


@dataclass
class NetworkSettings:
    """configs/model/{lstm,bilstm_attention,transformer}.yaml: what to build, as in a checkpoint.

    name: the encoder; representation: pitchwise or chord; encoder: its own settings; tied: the
    pitchwise output layer shares the weights of the input embedding.
    """

    name: str
    representation: str
    encoder: Any
    tied: bool = False


@dataclass
class MusicModelSettings:
    """configs/model/{lstm,bilstm_attention}.yaml.

    chords: words of the chord vocabulary; chord_least: times that a chord has to be met to be one;
    tied: the pitchwise output layer shares the input embedding's weights; init: a checkpoint to
    start from, as a style network does from the base; half: store the weights as 16-bit floats.
    """

    task: str = "music"
    name: str = "lstm"
    representation: str = "pitchwise"
    encoder: Any = None
    chords: int = CHORDS
    chord_least: int = 2
    tied: bool = False
    init: str | None = None
    half: bool = False

    def check(self) -> None:
        """Raise SettingsError for an unknown name, a value outside its range, or sizes amiss."""
        one_of(
            self, "model.", task=("music",), name=tuple(ENCODERS), representation=REPRESENTATIONS
        )
        at_least(self, "model.", chords=1, chord_least=1)
        sizes = parse(ENCODERS[self.name], self.encoder or {}, "model.encoder")
        check_tied(self.tied, self.representation, sizes)

    def check_data(self, data: "MusicDataSettings") -> None:
        """Raise SettingsError for data that this representation cannot learn from."""
        if data.transpose > 1 and self.representation != "pitchwise":
            raise SettingsError(
                f"data.transpose={data.transpose} needs model.representation=pitchwise: the chord "
                "vocabulary is that of pieces in C major and A minor"
            )


def check_tied(tied: bool, representation: str, sizes: EncoderSettings) -> None:
    """Raise SettingsError where an output layer cannot share the input embedding's weights."""
    if tied and representation == "pitchwise" and sizes.embedding != sizes.hidden:
        raise SettingsError(
            f"model.tied=true needs model.encoder.embedding={sizes.embedding} to equal "
            f"model.encoder.hidden={sizes.hidden}"
        )


@dataclass
class WindowSettings:
    """configs/data/{midi,corpus}.yaml, the part that says how windows are cut.

    include, exclude: patterns on a piece's path ("jazz/*"); held_out: share of the pieces for val
    and as much again for test; window: events of the longest window; shortest: of the shortest;
    batch_size: windows; epoch: windows an epoch (0: as many as cover the training events once);
    transpose: keys that training windows are moved to at random, 12 for all, 0 or 1 for none.
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

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "data.", window=1, shortest=1, batch_size=1, epoch=0, scored=1)
        if not 0 < self.held_out < 0.5:
            raise SettingsError(f"data.held_out={self.held_out:g}: expected above 0, below 0.5")
        within(self, "data.", 0, 12, "transpose")


@dataclass
class MusicDataSettings(WindowSettings, MusicSourceSettings):
    """configs/data/{midi,corpus}.yaml: what is read and how it is cut into windows."""

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        MusicSourceSettings.check(self)
        WindowSettings.check(self)
