"""Reads from a photo the mood that the networks find in its largest face, or in all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from mood2music.brief import brief
from mood2music.errors import CheckpointError, SettingsError
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AXES
from mood2music.face.picture import image
from mood2music.face.picture.detect import Box, DetectSettings, Found, find_faces
from mood2music.face.picture.detectors import open_detector
from mood2music.face.picture.image import Photo, Pixels
from mood2music.face.reading.covered import corrected
from mood2music.face.reading.doubt import entropy, is_sure, reasons
from mood2music.face.reading.hidden import Hidden, find_hidden
from mood2music.face.reading.predictor import FacePixels, Predictor, open_predictor
from mood2music.face.reading.views import mirrored, views
from mood2music.files import PRETRAINED
from mood2music.mood import Mood

MOST_FRAMES = 1000  # of a film; a frame takes a tenth of a second
SHIPPED = (PRETRAINED / "face_mood.safetensors",)


@dataclass
class ReadSettings(DetectSettings):
    """The `face` part of a config: how a face is found, and which networks read it.

    weights: a face checkpoint or its ONNX file, or several, both axes between them, the mean of
    those that tell the same; null takes the shipped; which: largest, or all (the mean mood of all
    faces); camera: of photo=webcam, its number, or a video's path or address; frames: how many of a
    film are read; tta: average crops moved a little as well; uncertain: entropy of the expressions,
    in nats, above which the program says that it is not sure, and why; hidden: probability that the
    mouth is hidden, above which it says so, too.
    """

    weights: Any = None
    which: str = "largest"
    camera: Any = 0
    frames: int = 9
    tta: bool = False
    uncertain: float = 1.3
    hidden: float = 0.5

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        super().check()
        if self.which not in ("largest", "all"):
            raise SettingsError(f"face.which={self.which}: expected largest or all")
        if not 1 <= self.frames <= MOST_FRAMES:
            raise SettingsError(f"face.frames={self.frames}: expected 1 to {MOST_FRAMES}")
        if self.uncertain < 0:
            raise SettingsError(f"face.uncertain={self.uncertain:g}: expected 0 or more")
        if not 0 <= self.hidden <= 1:
            raise SettingsError(f"face.hidden={self.hidden:g}: expected 0 to 1")
        several = self.weights if isinstance(self.weights, list) else [self.weights]
        if not several or not all(isinstance(w, str | Path | None) for w in several):
            raise SettingsError(
                f"face.weights={self.weights}: expected a face checkpoint, a list of them, or null"
            )
        if isinstance(self.camera, bool) or not isinstance(self.camera, int | str | Path):
            raise SettingsError(
                f"face.camera={self.camera}: expected a camera's number or a video's path"
            )

    def check_detector(self) -> None:
        """Raise SettingsError for a detector that is unknown or not installed."""
        if self.detector != "none":  # the whole picture is the face
            open_detector(self.detector)


@brief
@dataclass(frozen=True)
class FaceReading:
    """What one face gave.

    box: the face's place in the upright photo, in its own pixels, before the margin; crop: (size,
    size) float32 grey in [0, 1], what the networks saw; spread: standard deviation of valence and
    of arousal over the crops of tta, None without; expressions: probability of each, {} when the
    networks tell none; entropy: of these in nats, how unsure the reading is, None without them;
    hindered_by: what may make the face hard to read, in words; hidden: probabilities that parts of
    it are; sure: whether entropy and hidden mouth are at most what the settings say.
    """

    mood: Mood
    box: Box
    crop: FacePixels
    spread: tuple[float, float] | None
    expressions: dict[str, float]
    entropy: float | None = None
    hindered_by: list[str] = field(default_factory=list)
    hidden: Hidden = field(default_factory=lambda: Hidden(0.0, 0.0))
    sure: bool = True

    def as_dict(self) -> dict[str, Any]:
        """What the manifest tells: all but the pixels."""
        told: dict[str, Any] = {"box": asdict(self.box), **asdict(self.mood)}
        if self.spread is not None:
            told["spread"] = dict(zip(AXES, self.spread, strict=True))
        if self.entropy is not None:
            told["entropy"] = self.entropy
        told |= {"hindered_by": self.hindered_by, "hidden": asdict(self.hidden), "sure": self.sure}
        if self.expressions:
            told["expressions"] = self.expressions
        return told


@brief
@dataclass(frozen=True)
class PhotoReading:
    """What a photo gave.

    mood: of the largest face, or the mean of all; faces: those read, largest first; found: how many
    there are, of the smallest not all unless all were asked for; turned: degrees against the clock
    that the photo was turned by, beyond its EXIF tag, to stand upright; detector: what found them.
    """

    mood: Mood
    faces: list[FaceReading]
    found: int
    turned: int
    detector: str

    def entropy(self) -> float:
        """The largest entropy of any face's expressions in nats; 0 when none tells them."""
        return max((face.entropy for face in self.faces if face.entropy is not None), default=0.0)

    def hindered_by(self) -> list[str]:
        """What may make the least sure face hard to read, in words; [] when nothing is seen."""
        return max(self.faces, key=lambda face: (not face.sure, face.entropy or 0.0)).hindered_by

    def sure(self) -> bool:
        """Whether every face's reading is sure."""
        return all(face.sure for face in self.faces)

    def as_dict(self) -> dict[str, Any]:
        """What the manifest tells: all but the pixels."""
        faces = [face.as_dict() for face in self.faces]
        return {
            **asdict(self.mood),
            "detector": self.detector,
            "turned": self.turned,
            "found": self.found,
            "entropy": self.entropy(),
            "sure": self.sure(),
            "faces": faces,
        }


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
