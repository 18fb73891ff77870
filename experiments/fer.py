"""Reads FER+ and DiffusionFER, split as configs/data/ferplus_diffusionfer.yaml splits them."""

from pathlib import Path

from experiments.measuring import composed
from mood2music.face.dataset.data import FaceData, build_data

REAL, SYNTHETIC, TEST = "ferplus_train.zip", "diffusionfer.zip", "ferplus_val.zip"


def read_faces(folder: Path, seed: int) -> FaceData:
    """Read the three zips in `folder`, the parts as a training with this seed has them."""
    config = composed(
        "model=cnn10",
        "data=ferplus_diffusionfer",
        f"data.root=[{folder / REAL},{folder / SYNTHETIC},{folder / TEST}]",
    )
    return build_data(config.data, seed)[0]
