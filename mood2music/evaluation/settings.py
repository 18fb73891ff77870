"""Says what a user can ask of `evaluate`: one dataclass that the config becomes, checked."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mood2music.command.given_files import check_address
from mood2music.command.ranges import at_least, check_seed
from mood2music.command.settings import parse
from mood2music.errors import DataError, SettingsError
from mood2music.face.picture.kinds import is_picture
from mood2music.learn.settings import LoggerSettings
from mood2music.registry import names


@dataclass
class EvaluateSettings:
    """configs/evaluate.yaml: what to measure, one or several.

    photos: a folder or zip of pictures, read as `face` says, by `jobs` processes (0: one a core,
    where there are a hundred and more); network: a shipped network's name or
    a checkpoint, scored on `events` events of the pieces of `data` that it was not trained on,
    drawn with `seed`, and on fewer with so many events before them as `contexts` say;
    pieces: a folder of music files; quadrants: a judge's file that experiments/quadrants fits, for
    the probabilities of happy, tense, sad and calm of each; beside: a folder of real ones that
    they are compared with, by the first `passage` events of each; benchmark: one of
    configs/benchmark, trained and scored on the data set in `data.root`; plugins: modules that
    register choices;
    logger: where the tables are told of too.
    """

    photos: str | None = None
    network: str | None = None
    pieces: str | None = None
    quadrants: str | None = None
    beside: str | None = None
    passage: int = 400
    events: int = 8192
    contexts: list[int] = field(default_factory=lambda: [32, 64, 128, 256, 512])
    seed: int = 0
    jobs: int = 0
    plugins: list[str] = field(default_factory=list)
    face: Any = None
    data: Any = None
    benchmark: Any = None
    logger: LoggerSettings = field(default_factory=LoggerSettings)

    def check(self) -> None:
        """Raise SettingsError for nothing to do, an unknown name or a value outside its range."""
        from mood2music.face.reading.settings import ReadSettings
        from mood2music.generator.data_settings import MusicDataSettings
        from mood2music.generator.polymusic.settings import PolymusicSettings
        from mood2music.train_request import data_settings

        asked = (self.photos, self.network, self.pieces, self.benchmark)
        if all(value is None for value in asked):
            raise SettingsError(
                "nothing to evaluate: pass photos=folder_or_zip, pieces=folder, "
                "network=name_or_checkpoint data=midi data.root=folder, or benchmark=polymusic "
                "data.root=folder"
            )
        at_least(self, "", events=1, passage=2, jobs=0)
        if self.beside is not None and self.pieces is None:
            raise SettingsError(f"beside={self.beside} without pieces: pass pieces=folder too")
        if self.quadrants is not None and self.pieces is None:
            raise SettingsError(
                f"quadrants={self.quadrants} without pieces: pass pieces=folder too"
            )
        if any(context < 1 for context in self.contexts):
            raise SettingsError(f"contexts={self.contexts}: expected 1 or more events each")
        self.logger.check()
        check_seed(self.seed)
        face = parse(ReadSettings, self.face or {}, "face")
        if self.photos is not None:
            face.check_detector()
            if face.which == "all":
                raise SettingsError(
                    f"face.which=all with photos={self.photos}: the largest face of each picture "
                    "is read, for a row has one mood and one label; leave face.which out"
                )
        source = data_settings(self.data)
        if self.network is not None and not isinstance(source, MusicDataSettings):
            raise SettingsError(
                f"data={source.name} with network={self.network}: expected one of "
                f"{', '.join(names('music_data'))}; faces are measured with photos="
            )
        if self.benchmark is not None:
            parse(PolymusicSettings, self.benchmark, "benchmark")

    def check_files(self) -> None:
        """Raise DataError or UnknownNameError where a file, folder or network is not there."""
        from mood2music.style.shipped import locate, shipped
        from mood2music.train_request import check_data_root, data_settings

        for option, path, wanted in (
            ("photos", self.photos, "a folder or zip of pictures"),
            ("pieces", self.pieces, "a folder of music"),
            ("beside", self.beside, "a folder of real music"),
            ("quadrants", self.quadrants, "a judge's file, from experiments/quadrants"),
        ):
            check_address(option, path, DataError)
            if path is not None and not Path(path).exists():
                raise DataError(f"{option}={path}: nothing is there, expected {wanted}")
        if self.photos is not None and is_picture(self.photos) and Path(self.photos).is_file():
            raise DataError(
                f"photos={self.photos}: that is one picture, expected a folder or zip of them; "
                f"python -m mood2music.generate photo={self.photos} reads one"
            )
        for option, path in (("pieces", self.pieces), ("beside", self.beside)):
            if path is not None and not Path(path).is_dir():
                raise DataError(f"{option}={path}: expected a folder of music, not a file")
        if self.network is not None:
            if self.network not in {path.stem for path in shipped()}:
                locate(self.network)
            check_data_root(data_settings(self.data))
