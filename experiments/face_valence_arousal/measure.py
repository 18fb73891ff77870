"""Face checkpoints and labelled pictures to the figures of their test part, root by root.

    python experiments/face_valence_arousal/measure.py NAME=FILE[,FILE] ... data.root=... [...]

NAME: what to call a network; FILE: its checkpoints, valence and arousal between them. data.* as in
train.sh, so that the test part is the one that was not trained on. Writes result.csv beside this
file and prints it.
"""

import sys
from pathlib import Path

import pandas as pd
from hydra import compose, initialize_config_dir

from mood2music.face.data import build
from mood2music.face.measure import measure
from mood2music.face.predict import FaceReader
from mood2music.paths import CONFIGS


def main(arguments: list[str]) -> None:
    """Measure every network on the same test part."""
    overrides = [a for a in arguments if a.startswith(("data.", "seed="))]
    named = [a.split("=", 1) for a in arguments if a not in overrides]
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        config = compose("train", ["model=alexnet", "data=faces", *overrides])
    data, _ = build(config.data, config.seed)
    rows = []
    for name, files in named:
        reader = FaceReader.load([Path(file) for file in files.split(",")])
        for row in measure(reader, data.table, data.parts.train, data.parts.test):
            rows.append(
                {"network": row["predictor"] if row["predictor"] == "constant" else name, **row}
            )
    frame = pd.DataFrame(rows).drop(columns="predictor").drop_duplicates().round(3)
    frame = frame.sort_values(["root", "axis"], kind="stable")
    frame.to_csv(Path(__file__).with_name("result.csv"), index=False)
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main(sys.argv[1:])
