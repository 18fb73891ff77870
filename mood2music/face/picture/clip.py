"""Takes frames of a film, spread evenly over it, as RGB photos; OpenCV reads the film."""

from pathlib import Path
from typing import Any

import numpy as np

from mood2music.errors import ImageError
from mood2music.face.picture.image import Photo
from mood2music.face.picture.webcam import open_cv

# What films are called; a webcam's recorder writes mkv and webm, phones mov and mp4.
SUFFIXES = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpg", ".webm")


def is_clip(path: str | Path) -> bool:
    """Whether a file is called as films are."""
    return Path(path).suffix.lower() in SUFFIXES


def take_frames(path: Path, count: int) -> list[Photo]:
    """Take `count` frames, the middles of as many equal parts; all of a film that has fewer.

    Each is called by its second, "clip.mp4 at 1.50 s". A film that does not say how long it is, as
    a browser's recorder writes it, is read twice, for only its frames tell. Raises ImageError when
    OpenCV is not installed, or the file is no film that it can read.
    """
    cv2 = open_cv(f"{path.name} is a film, which")
    capture = cv2.VideoCapture(str(path))
    try:
        held = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        told = held > 0
        if not told:
            held = _counted(capture)
            capture.open(str(path))
        wanted = sorted({int((part + 0.5) * held / count) for part in range(count)})
        photos, place = [], 0
        for number in wanted:
            if told:
                capture.set(cv2.CAP_PROP_POS_FRAMES, number)
            else:  # nor can it be entered at a frame
                place += sum(capture.grab() for _ in range(place, number))
            answered, frame = capture.read()
            place += 1
            if answered:
                name = f"{path.name} at {capture.get(cv2.CAP_PROP_POS_MSEC) / 1000:.2f} s"
                photos.append(Photo(np.ascontiguousarray(frame[..., ::-1]), 1.0, name))
    finally:
        capture.release()
    if not photos:
        raise ImageError(f"{path.name} is no film that OpenCV can read: pass photo=me.jpg")
    return photos


def _counted(capture: Any) -> int:
    """Count the frames that are left."""
    count = 0
    while capture.grab():
        count += 1
    return count
