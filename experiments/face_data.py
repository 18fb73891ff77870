"""A folder of face data comes in; train's data overrides, and the split they make, go out.

Two are known: FER2013's and DiffusionFER's zips (fer2013_train.zip, fer2013_val.zip, which is
measured on, and diffusionfer.zip), and AffectNet in either of its layouts.
"""

from pathlib import Path

from experiments.measuring import composed
from mood2music.face.dataset.data import FaceData, build_data

# How every face network of the experiments is taught: one cosine to its planned end, on one core.
TRAINING = (
    "optimizer=adamw",
    "optimizer.weight_decay=0.05",
    "optimizer.schedule=cosine",
    "optimizer.warmup=0.1",
    "callbacks=none",
    "trainer.precision=32-true",
    "trainer.threads=1",
    "trainer.progress=false",
)
ZIPS = ("fer2013_train.zip", "diffusionfer.zip", "fer2013_val.zip")


def overrides(root: Path) -> tuple[str, ...]:
    """Overrides of mood2music.train that name the data in `root`: the zips, else AffectNet.

    DiffusionFER is small beside FER2013: each of its pictures is seen three times an epoch, and
    18 % of them are tested on. 6 and 12 % are dealt to the part that chooses the epoch.
    """
    train, synthetic, val = (root / name for name in ZIPS)
    if all(path.is_file() for path in (train, synthetic, val)):
        return (
            "data=faces",
            f"data.root=[{train},{synthetic}]",
            f"data.test_root={val}",
            "data.repeat=[1,3]",
            "data.val_fraction=[0.06,0.12]",
            "data.test_fraction=[0,0.18]",
        )
    return ("data=affectnet", f"data.root={root}")


def load(data: tuple[str, ...], seed: int) -> FaceData:
    """Read and split the data as a training with these overrides and this seed does."""
    return build_data(composed("model=cnn10", *data).data, seed)[0]
