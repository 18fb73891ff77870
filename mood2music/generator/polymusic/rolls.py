"""Reads a published data set's .mat file into the piano rolls of its three splits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mood2music.brief import brief
from mood2music.errors import DataError, SettingsError

# MIDI numbers of a roll's first and last column, A0 and C8.
LOWEST, HIGHEST = 21, 108
PITCHES = HIGHEST - LOWEST + 1

# The piano rolls of Boulanger-Lewandowski et al. 2012, in the files that Bai et al. 2018 made of
# them: pieces moved to a common tonality (C), one frame a step, split as published.
FILES = {
    "jsb": "JSB_Chorales.mat",
    "nottingham": "Nottingham.mat",
    "piano_midi": "Piano_midi.mat",
    "musedata": "MuseData.mat",
}

Roll = NDArray[np.bool_]


@brief
@dataclass(frozen=True)
class Rolls:
    """The pieces of a data set, each (frames, PITCHES) bool: what sounds in a frame."""

    train: list[Roll]
    valid: list[Roll]
    test: list[Roll]


def sets_in(root: Path | None) -> list[str]:
    """Name the data sets whose files lie in a folder, in the order of FILES; of none, all."""
    found = [name for name, file in FILES.items() if root is not None and (root / file).is_file()]
    return found or list(FILES)


def read_rolls(root: Path | None, name: str) -> Rolls:
    """Read the data set `name` (a key of FILES) from the folder `root`.

    The file holds `traindata`, `validdata` and `testdata`, each a list of (frames, 88) arrays of
    0 and 1. Raises SettingsError for an unknown name; DataError when the file is not there or
    holds anything else.
    """
    from scipy.io import loadmat

    if name not in FILES:
        raise SettingsError(f"benchmark.sets={name}: expected one of {', '.join(FILES)}")
    if root is None:
        raise DataError(
            f"benchmark=polymusic needs some of {', '.join(FILES.values())}: pass "
            "data.root=folder, the one that they lie in"
        )
    path = root / FILES[name]
    if not path.is_file():
        raise DataError(f"no {FILES[name]} in {root}: pass data.root=folder, the one it lies in")
    try:
        content = loadmat(path)
    except Exception as error:  # scipy raises its own, zlib's, struct's and numpy's
        raise DataError(f"{path}: not a MATLAB file that can be read ({error})") from error
    missing = [key for key in ("traindata", "validdata", "testdata") if key not in content]
    if missing:
        raise DataError(f"{path}: no {missing[0]} in it, expected the published three splits")
    return Rolls(*(_pieces(content[f"{part}data"], part, path) for part in Rolls.__annotations__))


def _pieces(cells: NDArray[np.object_], part: str, path: Path) -> list[Roll]:
    pieces = []
    for number, cell in enumerate(cells.ravel()):
        roll = np.asarray(cell)
        where = f"{path}: {part} piece {number}"
        if roll.ndim != 2 or roll.shape[1] != PITCHES or not len(roll):
            raise DataError(f"{where} has shape {roll.shape}, expected (frames, {PITCHES})")
        if not np.isin(roll, (0, 1)).all():
            raise DataError(f"{where} has values besides 0 and 1")
        pieces.append(roll.astype(np.bool_))
    if not pieces:
        raise DataError(f"{path}: no piece in {part}data")
    return pieces
