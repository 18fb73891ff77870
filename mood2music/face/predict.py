"""A photo comes in; the mood that the networks read from its largest face goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from mood2music.errors import CheckpointError
from mood2music.face import image, stored
from mood2music.face.backbone import FaceNetworks
from mood2music.face.detect import Box, DetectSettings, crop, detect
from mood2music.face.image import Pixels
from mood2music.face.settings import AXES
from mood2music.mood import Mood
from mood2music.paths import PRETRAINED

SHIPPED = tuple(PRETRAINED / f"face_{axis}.safetensors" for axis in AXES)
BATCH = 64

FacePixels = npt.NDArray[np.float32]


@dataclass
class ReadSettings(DetectSettings):
    """The `face` part of a config: how a face is found, and which networks read it.

    weights: a face checkpoint or a list of them, valence and arousal between them; null takes
    the shipped two.
    """

    weights: Any = None


@dataclass(frozen=True)
class FaceReading:
    """What a photo gave.

    box: the face's place in the photo, in pixels, before the margin; crop: (49, 49) float32 grey
    in [0, 1], what the networks saw; faces: how many were found.
    """

    mood: Mood
    box: Box
    crop: FacePixels
    faces: int


class FaceReader:
    """Networks at hand for reading moods; `load` makes one."""

    def __init__(self, columns: dict[str, tuple[FaceNetworks, int]], sources: list[Path]) -> None:
        """Take, for each axis, a network and its column; sources: the files they came from."""
        self._columns = columns
        self.sources = sources

    @classmethod
    def load(cls, paths: Path | Sequence[Path] | None = None) -> "FaceReader":
        """Load one or more checkpoints, by default the shipped two.

        Raises CheckpointError when one is no face checkpoint, or valence or arousal is in none.
        """
        many = SHIPPED if paths is None else [paths] if isinstance(paths, Path) else list(paths)
        columns: dict[str, tuple[FaceNetworks, int]] = {}
        for path in many:
            found = stored.load(path)
            for column, name in enumerate(found.outputs):
                columns[name] = (found.networks, column)
        if missing := [axis for axis in AXES if axis not in columns]:
            raise CheckpointError(
                f"no {' and no '.join(missing)} in {', '.join(map(str, many))}: expected face "
                "checkpoints that give both axes between them (face.weights=[valence, arousal])"
            )
        return cls(columns, list(many))

    @classmethod
    def from_settings(cls, settings: ReadSettings) -> "FaceReader":
        """Load what `settings.weights` names."""
        if settings.weights is None:
            return cls.load()
        named = [settings.weights] if isinstance(settings.weights, str) else settings.weights
        return cls.load([Path(str(name)).expanduser() for name in named])

    def moods(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        """Read faces (N, 49, 49), grey in [0, 1]: (N, 2) valence and arousal in [-1, 1].

        Each face is read as it is and mirrored, and the mean is taken: a mood has no side.
        """
        read = np.empty((len(faces), len(AXES)), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(faces), BATCH):
                batch = torch.from_numpy(np.ascontiguousarray(faces[start : start + BATCH]))
                both = torch.cat([batch, batch.flip(-1)]).unsqueeze(1)
                given: dict[int, torch.Tensor] = {}
                for place, axis in enumerate(AXES):
                    networks, column = self._columns[axis]
                    if id(networks) not in given:
                        given[id(networks)] = networks(both)
                    pair = given[id(networks)][:, column].view(2, -1)
                    read[start : start + BATCH, place] = pair.mean(0).clamp(-1.0, 1.0).numpy()
        return read

    def read_mood(
        self, pixels: Pixels, settings: DetectSettings, name: str = "picture"
    ) -> FaceReading:
        """Read the mood of the largest face in RGB `pixels` (height, width, 3).

        Raises NoFaceError when the detector finds none; `name` is used in its text.
        """
        boxes = detect(pixels, settings, name)
        margin = settings.margin if settings.detector != "none" else 0.0
        face = crop(pixels, boxes[0], margin=margin)
        valence, arousal = self.moods(face[None])[0]
        return FaceReading(Mood(float(valence), float(arousal)), boxes[0], face, len(boxes))

    def read_photo(self, path: Path, settings: DetectSettings) -> FaceReading:
        """Read the mood of the largest face in a picture file; raises as image.load does too."""
        return self.read_mood(image.load(path), settings, path.name)
