"""Tells how much each part of a small face told the networks that read it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mood2music.errors import SettingsError
from mood2music.face.network.settings import AXES
from mood2music.face.reading.photo_reading import FaceReading
from mood2music.face.reading.predictor import FacePixels, Predictor
from mood2music.face.reading.views import mirrored
from mood2music.mood import Mood

# Pixels of a face's 48 or 49: a window about as large as an eye, and its step.
WINDOW, STEP = 9, 4
AT_ONCE = 64  # windows read in one go


@dataclass(frozen=True)
class Explanation:
    """What the networks looked at in one face.

    face: (size, size) grey in [0, 1]; mood: as read from it alone, without tta; maps: by axis
    (size, size), by how much the reading falls where a window is hidden: above 0 what stands there
    raised the axis, below 0 it lowered it.
    """

    face: FacePixels
    mood: Mood
    maps: dict[str, npt.NDArray[np.float32]]


def check_installed() -> None:
    """Raise SettingsError, with the way to get it, when captum is not installed."""
    from importlib.util import find_spec

    if find_spec("captum") is None:
        raise SettingsError('explain=true needs captum: pip install "mood2music[explain]"')


def explain(predictors: Sequence[Predictor], reading: FaceReading) -> Explanation:
    """Hide the face's crop (size, size) window by window, and tell how each axis moves.

    Occlusion (Zeiler & Fergus 2014), by captum, of the very reading that `generate` uses, mirror
    image and all, whatever runs the networks. Behind the window lies the face's mean grey. Grad-CAM
    was tried: the last maps of these networks are 3 or 4 pixels wide, and its pictures say little
    more than "the middle". Raises SettingsError without captum.
    """
    check_installed()
    import torch
    from captum.attr import Occlusion

    def read(faces: torch.Tensor, axis: str) -> torch.Tensor:
        given = mirrored(predictors, faces[:, 0].numpy().astype(np.float32))
        return torch.from_numpy(given[axis])

    face = reading.crop
    picture = torch.from_numpy(face)[None, None]
    with torch.no_grad():
        maps = {
            axis: Occlusion(read)
            .attribute(
                picture,
                sliding_window_shapes=(1, WINDOW, WINDOW),
                strides=(1, STEP, STEP),
                baselines=float(face.mean()),
                additional_forward_args=axis,
                perturbations_per_eval=AT_ONCE,
            )[0, 0]
            .numpy()
            .astype(np.float32)
            for axis in AXES
        }
    plain = mirrored(predictors, face[None])
    return Explanation(face, Mood(*(float(plain[axis][0]) for axis in AXES)), maps)
