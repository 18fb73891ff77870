"""Small piano rolls in files of the published form."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from mood2music.generator.polymusic.rolls import PITCHES, Roll

C4 = 60 - 21


def roll_of(*frames: Sequence[int]) -> Roll:
    """A roll with the given MIDI numbers in each frame."""
    roll = np.zeros((len(frames), PITCHES), np.bool_)
    for i, pitches in enumerate(frames):
        roll[i, [pitch - 21 for pitch in pitches]] = True
    return roll


def cells(pieces: Sequence[np.ndarray]) -> np.ndarray:
    """What loadmat gives for a list of matrices of different lengths: (1, pieces) of objects."""
    made = np.empty((1, len(pieces)), object)
    for i, piece in enumerate(pieces):
        made[0, i] = piece
    return made


def write(path: Path, **splits: Sequence[np.ndarray]) -> None:
    """Write traindata, validdata and testdata."""
    savemat(path, {f"{part}data": cells(pieces) for part, pieces in splits.items()})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with both files: pieces that go back and forth between two chords."""
    folder = tmp_path / "rolls"
    folder.mkdir()
    there, back = (60, 64, 67), (59, 62, 67)
    for name, shift in (("JSB_Chorales.mat", 0), ("Nottingham.mat", 5)):
        frames = [[pitch + shift for pitch in chord] for chord in (there, back)]
        pieces = [
            roll_of(*(frames[i % 2] for i in range(length))).astype(np.uint8)
            for length in (6, 8, 10, 12)
        ]
        write(folder / name, train=pieces, valid=pieces[:2], test=pieces[1:])
    return folder
