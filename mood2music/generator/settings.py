"""States what a user can ask of a network of events: its encoder, its representation, its inputs.

Encoders and representations are registered here: what builds them is named in words.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mood2music import registry
from mood2music.command.ranges import at_least, one_of, shares
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.generator.memory.kinds import KINDS
from mood2music.registry import register

if TYPE_CHECKING:
    from mood2music.generator.data_settings import MusicDataSettings

# Most words of the chord vocabulary; in 1,000 pieces 5,000 chords cover about nine events of ten.
CHORDS = 5000


@dataclass
class EncoderSettings:
    """What every encoder is asked: hidden: units a layer; embedding: width of an event's vector;
    dropout: share of units left out at random while training.
    """

    hidden: int = 256
    embedding: int = 256
    dropout: float = 0.2

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "model.encoder.", hidden=1, embedding=1)
        shares(self, "model.encoder.", "dropout")


@register("encoder", "lstm", build="mood2music.generator.lstm:LSTM")
@dataclass
class LSTMSettings(EncoderSettings):
    """configs/model/lstm.yaml. layers: one above the other."""

    layers: int = 2

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        super().check()
        at_least(self, "model.encoder.", layers=1)


@register(
    "encoder", "bilstm_attention", build="mood2music.generator.bilstm_attention:BiLSTMAttention"
)
@dataclass
class BiLSTMAttentionSettings(EncoderSettings):
    """configs/model/bilstm_attention.yaml. hidden: units of the second layer; the first has half
    of them a direction.
    """

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        super().check()
        at_least(self, "model.encoder.", hidden=2)
        if self.hidden % 2:
            raise SettingsError(f"model.encoder.hidden={self.hidden}: expected an even number")


@register("encoder", "transformer", build="mood2music.generator.transformer:Transformer")
@dataclass
class TransformerSettings(EncoderSettings):
    """configs/model/transformer.yaml, which has as many parameters as lstm.yaml.

    feedforward: width inside a layer; heads: of its attention; distances: events back that are told
    apart, further ones count as the furthest.
    """

    layers: int = 2
    heads: int = 4
    feedforward: int = 512
    distances: int = 64

    def check(self) -> None:
        """Raise SettingsError for a value outside its range, or heads that do not divide hidden."""
        super().check()
        at_least(self, "model.encoder.", layers=1, feedforward=1, distances=1)
        if self.heads < 1 or self.hidden % self.heads:
            raise SettingsError(
                f"model.encoder.heads={self.heads}: expected a divisor of "
                f"model.encoder.hidden={self.hidden}"
            )


@dataclass(frozen=True)
class RepresentationTraits:
    """What is known of a representation before it is built.

    tied: its output layer can share the input embedding's weights; any_key: it reads pieces in
    every key, not only those in C major and A minor.
    """

    tied: bool = False
    any_key: bool = False


register(
    "representation",
    "pitchwise",
    RepresentationTraits(tied=True, any_key=True),
    "mood2music.generator.pitchwise:Pitchwise",
)
register("representation", "chord", RepresentationTraits(), "mood2music.generator.chord:Chord")


@dataclass
class NetworkSettings:
    """configs/model/{lstm,bilstm_attention,transformer}.yaml: what to build, as in a checkpoint.

    name: the encoder; representation: pitchwise or chord; encoder: its own settings; tied: the
    pitchwise output layer shares the weights of the input embedding; memory: kinds of what it
    recalls of the piece so far (see `memory.kinds`); bars: whether it reads where in the bar it is;
    mood: the judge whose readings of mood it was told (see `moods`), None for none; harmony:
    whether it reads on which chord of its piece the next event stands (see `music.changes`);
    texture: whether it reads how full the bar is that it begins in (see `music.texture`);
    shortcuts: whether pitches are scored by intervals and by what is recalled too.
    """

    name: str
    representation: str
    encoder: Any
    tied: bool = False
    memory: list[str] = field(default_factory=list)
    bars: bool = False
    mood: str | None = None
    harmony: bool = False
    shortcuts: bool = False
    texture: bool = False


@dataclass
class MusicModelSettings:
    """configs/model/{lstm,bilstm_attention}.yaml.

    chords: words of the chord vocabulary; chord_least: times that a chord has to be met to be one;
    tied: the pitchwise output layer shares the input embedding's weights; memory: what is recalled
    of the piece so far, of same, moved, melody, pointed; bars: read where in the bar an event ends;
    mood: the judge that tells the mood of each passage to the network, with its pace and mode;
    harmony: tell it on which chord of its piece each event stands, and the chord behind that one;
    texture: tell it how full the bar is in which each event begins;
    shortcuts: score a chord's pitches by their intervals from the last notes, and by what is
    recalled, beside what the representation says;
    init: a checkpoint to start from, as a style network does from the base; half: store the weights
    as 16-bit floats; accuracy: log how often the likeliest chord and the likeliest duration are the
    right ones.
    """

    task: str = "music"
    name: str = "lstm"
    representation: str = "pitchwise"
    encoder: Any = None
    chords: int = CHORDS
    chord_least: int = 2
    tied: bool = False
    memory: list[str] = field(default_factory=list)
    bars: bool = False
    mood: str | None = None
    harmony: bool = False
    shortcuts: bool = False
    texture: bool = False
    init: str | None = None
    half: bool = False
    accuracy: bool = False

    def check(self) -> None:
        """Raise SettingsError for an unknown name, a value outside its range, or sizes amiss."""
        one_of(self, "model.", task=("music",))
        encoder = registry.find("encoder", self.name, "model.name")
        registry.find("representation", self.representation, "model.representation")
        at_least(self, "model.", chords=1, chord_least=1)
        for kind in self.memory:
            if kind not in KINDS or self.memory.count(kind) > 1:
                raise SettingsError(
                    f"model.memory={self.memory}: expected some of {', '.join(KINDS)}"
                )
        if self.mood is not None:
            registry.find("mood_judge", self.mood, "model.mood")
        sizes = parse(encoder.settings, self.encoder or {}, "model.encoder")
        check_tied(self.tied, self.representation, sizes)
        if self.shortcuts and self.representation != "pitchwise":
            raise SettingsError(
                "model.shortcuts=true needs model.representation=pitchwise: they score the pitches "
                "of a chord one by one"
            )
        if self.accuracy and self.representation != "chord":
            raise SettingsError(
                "model.accuracy=true needs model.representation=chord: a chord that is spelled "
                "pitch by pitch is no one choice"
            )

    def check_data(self, data: "MusicDataSettings") -> None:
        """Raise SettingsError for data that this representation cannot learn from."""
        traits = registry.find("representation", self.representation, "model.representation")
        if data.transpose > 1 and not traits.settings.any_key:
            raise SettingsError(
                f"data.transpose={data.transpose} needs model.representation=pitchwise: the chord "
                "vocabulary is that of pieces in C major and A minor"
            )


def check_tied(tied: bool, representation: str, sizes: EncoderSettings) -> None:
    """Raise SettingsError where an output layer cannot share the input embedding's weights."""
    traits = registry.find("representation", representation, "model.representation").settings
    if tied and traits.tied and sizes.embedding != sizes.hidden:
        raise SettingsError(
            f"model.tied=true needs model.encoder.embedding={sizes.embedding} to equal "
            f"model.encoder.hidden={sizes.hidden}"
        )
