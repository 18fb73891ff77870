"""Takes frames of a film, spread evenly over it, as RGB photos; OpenCV reads the film."""

from pathlib import Path

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

    Each is called by its second, "clip.mp4 at 1.50 s". Raises ImageError when OpenCV is not
    installed, or the file is no film that it can read.
    """
    cv2 = open_cv(f"{path.name} is a film, which")
    capture = cv2.VideoCapture(str(path))
    try:
        held = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        rate = capture.get(cv2.CAP_PROP_FPS) or 25.0  # where the file does not tell
        wanted = sorted({int((part + 0.5) * held / count) for part in range(count)})
        photos = []
        for number in wanted:
            capture.set(cv2.CAP_PROP_POS_FRAMES, number)
            answered, frame = capture.read()
            if answered:
                name = f"{path.name} at {number / rate:.2f} s"
                photos.append(Photo(np.ascontiguousarray(frame[..., ::-1]), 1.0, name))
    finally:
        capture.release()
    if not photos:
        raise ImageError(f"{path.name} is no film that OpenCV can read: pass photo=me.jpg")
    return photos
