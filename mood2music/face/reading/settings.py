"""States what a user can ask of reading moods from faces."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.errors import SettingsError
from mood2music.face.picture.detect import DetectSettings
from mood2music.face.picture.detectors import open_detector

MOST_FRAMES = 1000  # of a film; a frame takes a tenth of a second


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
