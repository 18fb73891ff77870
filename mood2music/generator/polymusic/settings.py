"""States what a user can ask of the training on the published piano rolls."""

from dataclasses import dataclass, field

from mood2music.command.ranges import at_least, check_seed, one_of, shares, within
from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.generator.polymusic.rolls import FILES
from mood2music.learn.callback_settings import EarlyStoppingSettings
from mood2music.learn.optimizer_settings import AdamSettings, OptimizerSettings
from mood2music.learn.settings import LoggerSettings, TrainerSettings

ORDERS = ("low", "high")


@dataclass
class FrameSettings:
    """The network of configs/benchmark/polymusic.yaml.

    hidden, layers, embedding, dropout: the LSTM's (LSTMSettings); order: a frame is spelled from
    its "low"est or its "high"est pitch on; spelling_dropout: of the spelling layer's units;
    input_dropout: of the pitches heard, when training.
    """

    hidden: int = 256
    layers: int = 1
    embedding: int = 256
    dropout: float = 0.5
    order: str = "high"
    spelling_dropout: float = 0.4
    input_dropout: float = 0.1

    def check(self, place: str = "") -> None:
        """Raise SettingsError for a value outside its range; `place` stands before its name."""
        at_least(self, place, hidden=1, layers=1, embedding=1)
        shares(self, place, "dropout", "spelling_dropout", "input_dropout")
        one_of(self, place, order=ORDERS)


@dataclass
class SetSettings:
    """How the network of one data set is trained.

    early_stopping: null to train all epochs; batch: pieces a batch; transposed: share of the
    training pieces moved to a random key.
    """

    network: FrameSettings = field(default_factory=FrameSettings)
    optimizer: OptimizerSettings = field(default_factory=AdamSettings)
    trainer: TrainerSettings = field(default_factory=TrainerSettings)
    early_stopping: EarlyStoppingSettings | None = field(default_factory=EarlyStoppingSettings)
    batch: int = 8
    transposed: float = 0.6

    def check(self, place: str = "") -> None:
        """Raise SettingsError for a value outside its range; `place` stands before its name."""
        self.network.check(f"{place}network.")
        self.optimizer.check(f"{place}optimizer.")
        self.trainer.check(f"{place}trainer.")
        if self.early_stopping is not None:
            self.early_stopping.check(f"{place}early_stopping.")
        at_least(self, place, batch=1)
        within(self, place, 0, 1, "transposed")


@dataclass
class PolymusicSettings:
    """configs/benchmark/polymusic.yaml.

    sets: which of FILES, each with its settings below; null: those that lie in the folder;
    resume: an earlier run's folder, whose trainings are taken up where they stopped.
    """

    name: str = "polymusic"
    sets: list[str] | None = None
    seed: int = 0
    resume: str | None = None
    jsb: SetSettings = field(default_factory=SetSettings)
    nottingham: SetSettings = field(default_factory=SetSettings)
    piano_midi: SetSettings = field(default_factory=SetSettings)
    musedata: SetSettings = field(default_factory=SetSettings)
    logger: LoggerSettings = field(default_factory=LoggerSettings)

    def check(self) -> None:
        """Raise SettingsError for an unknown name or a value outside its range."""
        one_of(self, "benchmark.", name=("polymusic",))
        check_seed(self.seed)
        if self.sets is not None and (not self.sets or not set(self.sets) <= set(FILES)):
            raise SettingsError(
                f"benchmark.sets={shown(self.sets)}: expected some of {', '.join(FILES)}"
            )
        for name in FILES:
            getattr(self, name).check(f"benchmark.{name}.")
        self.logger.check("benchmark.logger.")
