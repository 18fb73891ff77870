"""What a user asks of `train` and `prepare`: dataclasses that the config becomes, and checks.

Nothing here imports torch or Lightning: a wrong word is refused before they are loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mood2music import registry
from mood2music.command.given_files import check_address, check_checkpoint, check_resumed
from mood2music.command.ranges import check_seed, one_of
from mood2music.command.settings import parse, shown
from mood2music.errors import CheckpointError, DataError, SettingsError
from mood2music.face.network.hub import check_name
from mood2music.face.network.settings import FaceSettings
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.settings import MusicModelSettings
from mood2music.learn.callback_settings import callback_settings
from mood2music.learn.optimizer_settings import AdamSettings, OptimizerSettings
from mood2music.learn.settings import LoggerSettings, ReportSettings, TrainerSettings
from mood2music.store.parallel import ParallelSettings
from mood2music.style.shipped import locate

# Kinds of data: which a network learns from is a matter of its task.
DATA = ("face_data", "music_data")


@dataclass
class TrainSettings:
    """configs/train.yaml.

    model, data, callbacks: what their choices become, `network`, `source` and `called_back`;
    metric, mode: the held-out figure that chooses the best epoch, stops early and is what a sweep
    optimises, and whether its lowest (min) or highest (max) is best; test: whether the best weights
    are measured on the test part; report: what the table of an experiment's runs shows; seed: of
    everything random; resume: a run's last.ckpt, to go on where it stopped; plugins: modules that
    register choices.
    """

    data: Any = None
    optimizer: OptimizerSettings = field(default_factory=AdamSettings)
    trainer: TrainerSettings = field(default_factory=TrainerSettings)
    logger: LoggerSettings = field(default_factory=LoggerSettings)
    model: Any = None
    callbacks: Any = None
    metric: str = "val/loss"
    mode: str = "min"
    test: bool = True
    report: ReportSettings = field(default_factory=ReportSettings)
    seed: int = 0
    resume: str | None = None
    plugins: list[str] = field(default_factory=list)

    def network(self) -> FaceSettings | MusicModelSettings:
        """What is trained. Raises SettingsError as `parse` does."""
        task = _named("model", self.model, "task")
        if task == "face":
            return parse(FaceSettings, self.model, "model")
        if task == "music":
            return parse(MusicModelSettings, self.model, "model")
        raise SettingsError(f"model.task={shown(task)}: expected face or music")

    def source(self) -> Any:
        """What it learns from. Raises SettingsError as `parse` does."""
        return data_settings(self.data)

    def called_back(self) -> dict[str, Any]:
        """What is done beside the training. Raises SettingsError as `parse` does."""
        if not isinstance(self.callbacks, Mapping):
            raise SettingsError(f"callbacks={shown(self.callbacks)}: expected one of its choices")
        return callback_settings(self.callbacks)

    def check(self) -> None:
        """Raise SettingsError for a value outside its range, or a network that cannot learn it."""
        check_seed(self.seed)
        if not self.metric.startswith("val/"):
            raise SettingsError(
                f"metric={shown(self.metric)}: expected a held-out figure, for example val/loss"
            )
        one_of(self, "", mode=("min", "max"))
        self.optimizer.check()
        self.trainer.check()
        self.logger.check()
        self.report.check()
        self.called_back()
        self._check_processes()
        network = self.network()
        known = registry.names(
            "music_data" if isinstance(network, MusicModelSettings) else "face_data"
        )
        name = _named("data", self.data, "name")
        if name not in known:
            raise SettingsError(
                f"data={shown(name)} with model={network.name}: this network learns from "
                f"{' or '.join(known)}"
            )
        source = self.source()
        if isinstance(network, MusicModelSettings) and isinstance(source, MusicDataSettings):
            network.check_data(source)

    def _check_processes(self) -> None:
        """Raise SettingsError where several processes have no rows of a batch to share."""
        many = self.trainer.devices * self.trainer.num_nodes
        size = (self.data or {}).get("batch_size", many)
        if isinstance(size, int) and size < many:
            raise SettingsError(
                f"data.batch_size={size}: expected {many} or more, one for each of the devices"
            )

    def check_files(self) -> None:
        """Raise DataError or CheckpointError where a folder or file that is named is not there."""
        check_data_root(self.source())
        network = self.network()
        if isinstance(network, MusicModelSettings) and network.init is not None:
            check_address("model.init", network.init)
            check_checkpoint("model.init", locate(network.init))
        if isinstance(network, FaceSettings):
            if registry.get("backbone", network.name) is None:
                check_name(network.name)
            for name in ("init", "weights"):
                path = getattr(network, name)
                check_address(f"model.{name}", path)
                if path is not None and not Path(path).expanduser().is_file():
                    raise CheckpointError(f"model.{name}={shown(path)}: no such file")
            if network.init is not None:
                check_checkpoint("model.init", network.init)
        if self.resume is not None:
            check_resumed(self.resume)


@dataclass
class PrepareSettings:
    """configs/prepare.yaml.

    data: its choice becomes `source`; seed: of the split of faces; plugins: modules that register
    choices.
    """

    data: Any = None
    parallel: ParallelSettings = field(default_factory=ParallelSettings)
    seed: int = 0
    plugins: list[str] = field(default_factory=list)

    def source(self) -> Any:
        """What is read. Raises SettingsError as `parse` does."""
        return data_settings(self.data)

    def check(self) -> None:
        """Raise SettingsError for an unknown name or a value outside its range."""
        check_seed(self.seed)
        self.parallel.check()
        self.source()

    def check_files(self) -> None:
        """Raise DataError where the data's folder is not there."""
        check_data_root(self.source())


def data_settings(data: Any) -> Any:
    """Make the settings of the data set that `data.name` names; raises SettingsError as `parse`."""
    name = _named("data", data, "name")
    for kind in DATA:
        found = registry.get(kind, str(name))
        if found is not None:
            return parse(found.settings, data, "data")
    known = [known for kind in DATA for known in registry.names(kind)]
    raise SettingsError(f"data.name={shown(name)}: expected one of {', '.join(known)}")


def check_data_root(source: Any) -> None:
    """Raise DataError where a data set's folder is not there; its content is seen when read."""
    if not hasattr(source, "root"):  # it reads no folder
        return
    roots = source.root if isinstance(source.root, list) else [source.root]
    for root in roots:
        check_address("data.root", root, DataError)
    if isinstance(source, MusicDataSettings):
        if source.store is not None:
            check_address("data.store", source.store, DataError)
        source.check_place()
        return
    tests = getattr(source, "test_root", None)
    named = {"data.root": roots, "data.test_root": tests if isinstance(tests, list) else [tests]}
    for option, paths in named.items():
        for path in paths:
            if path is not None and not Path(str(path)).expanduser().exists():
                raise DataError(f"no data at {option}={shown(path)}: expected a folder or a zip")


def _named(group: str, given: Any, key: str) -> Any:
    if not isinstance(given, Mapping):
        raise SettingsError(
            f"{group}={shown(given)}: expected one of its choices, --help lists them"
        )
    return given.get(key)
