"""AffectNet in miniature, in either of its layouts: made pictures under the real names."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

HEADER = (
    "subDirectory_filePath,face_x,face_y,face_width,face_height,facial_landmarks,"
    "expression,valence,arousal"
)


def picture(seed: int) -> bytes:
    """A 24 x 24 grey picture of its own for every number."""
    pixels = np.random.default_rng(seed).integers(0, 255, (24, 24), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def write_lists(root: Path) -> Path:
    """The original lists: twelve good faces, an uncertain one, one without mood, one missing."""
    pictures = root / "Manually_Annotated_Images"
    rows = {"training": [HEADER], "validation": [HEADER]}
    for number in range(14):
        file = f"{number % 3}/{number}.png"
        (pictures / file).parent.mkdir(parents=True, exist_ok=True)
        (pictures / file).write_bytes(picture(number))
        expression = 9 if number == 12 else number % 8
        mood = "-2,-2" if number == 13 else f"{number / 20},-0.5"
        part = "validation" if number in (10, 11) else "training"
        rows[part].append(f"{file},2,3,20,18,1;2,{expression},{mood}")
    rows["training"].append("9/missing.png,0,0,5,5,1;2,0,0,0")
    for part, lines in rows.items():
        (root / f"{part}.csv").write_text("\n".join(lines))
    return root


def write_eight_labels(root: Path) -> Path:
    """The eight-label release: numbers as arrays of one string, beside images."""
    for part, numbers in (("train_set", range(8)), ("val_set", range(8, 10))):
        (root / part / "images").mkdir(parents=True)
        (root / part / "annotations").mkdir()
        for number in numbers:
            (root / part / "images" / f"{number}.jpg").write_bytes(picture(number))
            values = {"exp": number % 8, "val": -2 if number == 7 else 0.25, "aro": -0.125}
            for key, value in values.items():
                np.save(root / part / "annotations" / f"{number}_{key}.npy", np.array(str(value)))
            np.save(root / part / "annotations" / f"{number}_lnd.npy", np.zeros(136))
    (root / "train_set" / "images" / "bare.jpg").write_bytes(picture(50))
    return root
