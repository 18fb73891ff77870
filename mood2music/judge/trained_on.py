"""Finds the index of the pieces that networks were trained on, by their headers, where one is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from mood2music.brief import brief
from mood2music.errors import CheckpointError, SettingsError
from mood2music.files import PRETRAINED, checksum
from mood2music.judge.training_index import FILE, TrainingIndex, join_indexes, load_index

BUILD = "python -m experiments.novelty.build music=MUSIC checkpoints=[CHECKPOINT]"


@dataclass
class NoveltySettings:
    """configs/generate/generate.yaml, novelty.

    index: file of the training pieces' index; None: those beside the weights and the shipped one.
    """

    index: str | None = None


@brief
@dataclass(frozen=True)
class TrainedOn:
    """What a network was trained on, indexed: from `files`, all but `missing` of its pieces.

    index: None when there is none, for the reason given.
    """

    index: TrainingIndex | None
    reason: str = ""
    files: tuple[Path, ...] = ()
    missing: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Tell it for the manifest."""
        if self.index is None:
            return {"index": None, "reason": self.reason}
        files = [{"name": path.name, "sha256": checksum(path)} for path in self.files]
        return {"index": files, "pieces": len(self.index.pieces), "not_indexed": self.missing}


def find_index(
    asked: str | None,
    weights: Sequence[Path],
    names: set[str],
    grid: int,
    divisors: Sequence[int],
) -> TrainedOn:
    """Find the index of what networks were trained on, or the reason why there is none.

    asked: an index's file, which is then taken as it is; else each folder of `weights`, and the
    shipped weights', is looked into for FILE, or one `beside` the weights that has their name too,
    and those that hold pieces of `names` are joined.
    names: the pieces' names in the networks' headers; grid, divisors: how they were read.
    For the index that was asked for: raises CheckpointError when it is none, SettingsError when
    its pieces were read another way.
    """
    if asked is not None:
        index = read_index(Path(asked))
        if not _alike(index, grid, divisors):
            raise SettingsError(
                f"novelty.index={asked} holds music read with grid {index.grid}, quantize "
                f"{list(index.divisors)}, the network with {grid}, {list(divisors)}: build it "
                f"for this network, {BUILD}"
            )
        return TrainedOn(index, "", (Path(asked),), len(names - index.names()))
    if not names:
        return TrainedOn(
            None,
            f"{weights[0].name} does not list what it was trained on: name an index, "
            "novelty.index=path",
        )
    folders = dict.fromkeys([*(path.resolve().parent for path in weights), PRETRAINED])
    files = [*(folder / FILE for folder in folders), *(beside(path) for path in weights)]
    fitting: dict[Path, TrainingIndex] = {}
    reason = (
        f"no index of the {len(names)} training pieces of {weights[0].name} beside it: "
        f"build it, {BUILD}"
    )
    for file in filter(Path.is_file, files):
        try:
            index = read_index(file)
        except CheckpointError as error:
            reason = str(error)
            continue
        if _alike(index, grid, divisors) and index.names() & names:
            fitting[file] = index
    if not fitting:
        return TrainedOn(None, reason)
    index = join_indexes(list(fitting.values()))
    return TrainedOn(index, "", tuple(fitting), len(names - index.names()))


def beside(weights: Path) -> Path:
    """Where the index lies of weights that may lie among others: tango_novelty.safetensors."""
    return weights.with_name(f"{weights.stem}_{FILE}")


def read_index(path: Path) -> TrainingIndex:
    """Read an index, once as long as its file stays as it is: unpacking takes .2 s for a piece."""
    try:
        about = path.stat()
    except OSError:
        return load_index(path)
    return _read(path.resolve(), path, about.st_size, about.st_mtime_ns)


@lru_cache(maxsize=2)
def _read(_: Path, path: Path, *about: int) -> TrainingIndex:
    return load_index(path)


def _alike(index: TrainingIndex, grid: int, divisors: Sequence[int]) -> bool:
    return (index.grid, index.divisors) == (grid, tuple(divisors))
