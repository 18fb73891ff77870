"""A film of one still frame, as a camera that OpenCV can read; its tests skip without OpenCV."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest


def write_film(path: Path, frame: npt.NDArray[np.uint8], count: int) -> None:
    """Write RGB `frame` (height, width, 3) `count` times; skips where OpenCV cannot."""
    cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
    high, wide = frame.shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (wide, high))
    if not writer.isOpened():
        pytest.skip("this OpenCV writes no video")
    for _ in range(count):
        writer.write(np.ascontiguousarray(frame[..., ::-1]))  # OpenCV has blue first
    writer.release()
