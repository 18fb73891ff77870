"""Takes one frame of a camera, by its number, as an RGB photo; nothing is written."""

from typing import Any

import numpy as np

from mood2music.errors import ImageError
from mood2music.face.picture.image import Photo

WARM_UP = 5  # frames that a camera takes to find its exposure
NAME = "webcam"


def take_photo(camera: int | str = 0) -> Photo:
    """Take one frame: RGB, from a camera's number, or from a video's path or address.

    Raises ImageError when OpenCV is not installed or no such camera answers.
    """
    cv2 = open_cv("photo=webcam")
    capture = cv2.VideoCapture(camera)
    try:
        frame = None
        for _ in range(WARM_UP if isinstance(camera, int) else 1):
            answered, next_frame = capture.read()
            frame = next_frame if answered else frame
    finally:
        capture.release()
    if frame is None:
        raise ImageError(
            f"no camera answers at face.camera={camera}: plug one in, give its number, "
            "or pass photo=me.jpg"
        )
    return Photo(np.ascontiguousarray(frame[..., ::-1]), 1.0, NAME)


def open_cv(what: str) -> Any:
    """Give OpenCV, kept from printing lines of its own about a camera that is not there.

    Raises ImageError, which opens with `what` needs it, when it is not installed.
    """
    try:
        import cv2
    except ImportError as error:
        raise ImageError(
            f'{what} needs OpenCV: pip install "mood2music[webcam]", or pass photo=me.jpg'
        ) from error
    logging = getattr(getattr(cv2, "utils", None), "logging", cv2)
    logging.setLogLevel(0)
    return cv2
