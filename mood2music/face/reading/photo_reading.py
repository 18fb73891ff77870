"""Holds what reading a photo gave: of each face its mood, how sure it is and why it may not be."""

from dataclasses import asdict, dataclass, field
from typing import Any

from mood2music.brief import brief
from mood2music.face.network.settings import AXES
from mood2music.face.picture.detect import Box
from mood2music.face.reading.hidden import Hidden
from mood2music.face.reading.predictor import FacePixels
from mood2music.mood import Mood


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
