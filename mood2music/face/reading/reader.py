"""Reads from a photo the mood that the networks find in its largest face, or in all."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from mood2music.errors import CheckpointError
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.picture import image
from mood2music.face.picture.detect import Box, Found, find_faces
from mood2music.face.picture.image import Photo, Pixels
from mood2music.face.reading.covered import corrected
from mood2music.face.reading.doubt import entropy, is_sure, reasons
from mood2music.face.reading.hidden import Hidden, find_hidden
from mood2music.face.reading.photo_reading import FaceReading, PhotoReading
from mood2music.face.reading.predictor import FacePixels, Predictor, open_predictor
from mood2music.face.reading.settings import ReadSettings
from mood2music.face.reading.views import mirrored, views
from mood2music.files import PRETRAINED
from mood2music.mood import Mood

SHIPPED = (PRETRAINED / "face_mood.safetensors",)


class FaceReader:
    """Networks at hand for reading moods; `load` makes one."""

    def __init__(self, predictors: Sequence[Predictor]) -> None:
        """Take predictors that give valence and arousal between them.

        Raises CheckpointError when an axis is in none.
        """
        self.predictors = list(predictors)
        told = [name for predictor in predictors for name in predictor.outputs]
        if missing := [axis for axis in AXES if axis not in told]:
            files = ", ".join(str(predictor.source) for predictor in predictors)
            raise CheckpointError(
                f"no {' and no '.join(missing)} in {files}: expected face checkpoints that give "
                "both axes between them (face.weights=[valence, arousal])"
            )

    @classmethod
    def load(cls, paths: Path | Sequence[Path] | None = None) -> "FaceReader":
        """Load one or more checkpoints, by default the shipped.

        Raises CheckpointError when one is no face checkpoint, or valence or arousal is in none.
        """
        many = SHIPPED if paths is None else [paths] if isinstance(paths, Path) else paths
        return cls([open_predictor(path) for path in many])

    @classmethod
    def from_settings(cls, settings: ReadSettings) -> "FaceReader":
        """Load what `settings.weights` names."""
        if settings.weights is None:
            return cls.load()
        named = [settings.weights] if isinstance(settings.weights, str) else settings.weights
        return cls.load([Path(str(name)).expanduser() for name in named])

    @property
    def sources(self) -> list[Path]:
        """The files that the networks came from."""
        return [predictor.source for predictor in self.predictors]

    @property
    def size(self) -> int:
        """Pixels a side of the faces that they take; of several networks the most."""
        return max(predictor.size for predictor in self.predictors)

    def moods(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        """Read faces (N, size, size), grey in [0, 1]: (N, 2) valence and arousal in [-1, 1]."""
        if not len(faces):
            return np.empty((0, len(AXES)), dtype=np.float32)
        read = mirrored(self.predictors, faces)
        return np.stack([read[axis] for axis in AXES], axis=1)

    def expressions(
        self, told: Mapping[str, float], hidden: Hidden, most: float
    ) -> dict[str, float]:
        """Probabilities `told`, of the shipped network corrected where the mouth is hidden.

        What others make of a covered face was not measured.
        """
        return corrected(told, hidden, most) if self.sources == list(SHIPPED) else dict(told)

    def read_face(
        self, found: Found, box: Box, settings: ReadSettings, scale: float = 1.0
    ) -> FaceReading:
        """Read the face in `box`, one of those found.

        scale: pixels of the photo to one of those searched.
        """
        crops = views(found.pixels, box, found.margin, settings.tta, self.size)
        read = mirrored(self.predictors, crops)
        valence, arousal = (float(read[axis].mean()) for axis in AXES)
        spread = (float(read["valence"].std()), float(read["arousal"].std()))
        hidden = Hidden(*map(float, find_hidden(crops[:1])[0]))
        seen = {name: float(read[name].mean()) for name in EXPRESSIONS if name in read}
        told = self.expressions(seen, hidden, settings.hidden)
        unsure = entropy(told)
        return FaceReading(
            Mood(valence, arousal),
            box.scaled(scale),
            crops[0],
            spread if settings.tta else None,
            told,
            unsure,
            reasons(crops[0], box.scaled(scale), found.turned, hidden, settings.hidden),
            hidden,
            is_sure(unsure, hidden.mouth, settings.uncertain, settings.hidden),
        )

    def read_mood(
        self, pixels: Pixels, settings: ReadSettings, name: str = "picture", scale: float = 1.0
    ) -> PhotoReading:
        """Read the mood of the largest face, or of all, in RGB `pixels` (height, width, 3).

        scale: pixels of the photo to one of `pixels`; the boxes told are of the photo. Raises
        NoFaceError when the detector finds none; `name` is used in its text.
        """
        every = settings.which == "all"
        found = find_faces(pixels, settings, name, every)
        faces = [
            self.read_face(found, box, settings, scale)
            for box in (found.boxes if every else found.boxes[:1])
        ]
        valence, arousal = (
            float(np.mean([getattr(face.mood, axis) for face in faces])) for axis in AXES
        )
        return PhotoReading(
            Mood(valence, arousal),
            faces,
            len(found.boxes),
            found.turned,
            found.detector,
        )

    def read_photo(self, path: Path, settings: ReadSettings) -> PhotoReading:
        """Read the mood in a picture file; raises as read_mood and image.load do."""
        settings.check()  # before `enough`, which a wrong value would break
        return self.read_taken(image.load_photo(path, settings.enough), settings)

    def read_taken(self, photo: Photo, settings: ReadSettings) -> PhotoReading:
        """Read the mood in a photo in memory, a camera's frame for example."""
        return self.read_mood(photo.pixels, settings, photo.name, photo.scale)
