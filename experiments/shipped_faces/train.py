"""Trains the shipped face network in two stages, the second from the first.

    python -m experiments.shipped_faces.train FACES RUNS

FACES: folder of the zips (experiments/face_data.py); RUNS: where run folders go. What is trained
already is not trained again, and a stage that was broken off goes on. One core.
"""

import argparse
from pathlib import Path

from experiments import face_data
from experiments.training_runs import BEST, Run, train

NETWORK = (
    "model=alexnet",
    "model.heads=joint",
    "model.target=both",
    "model.loss=both",
    "model.label_smoothing=0.1",
    "model.hidden=256",
    "seed=0",
)
STAGES = {
    "face_80": (
        "trainer.epochs=6", "optimizer.lr=3e-4", "model.dropout=0.4", "model.augment.erase=0.3",
    ),
    # Larger pictures once the network knows faces: AlexNet's first layer takes every fourth pixel.
    "face_mood": (
        "trainer.epochs=7", "optimizer.lr=2.5e-4", "model.input_size=112", "model.dropout=0.25",
        "model.augment.erase=0.1", "model.augment.blur=0.3", "model.augment.rotation=10",
    ),
}  # fmt: skip


def main() -> None:
    """Train what is not trained yet; print the last stage's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces", type=Path)
    parser.add_argument("runs", type=Path)
    asked = parser.parse_args()
    folder = None
    for run in stages(face_data.overrides(asked.faces), asked.runs):
        folder = train(run, asked.runs)
    print(folder)


def stages(data: tuple[str, ...], runs: Path) -> list[Run]:
    """The calls of mood2music.train, each but the first with `model.init`."""
    listed: list[Run] = []
    for name, own in STAGES.items():
        init = (f"model.init={runs / listed[-1].folder / BEST}",) if listed else ()
        listed.append(Run(name, (*NETWORK, *own, *init, *data, *face_data.TRAINING)))
    return listed


if __name__ == "__main__":
    main()
