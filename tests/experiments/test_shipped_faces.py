"""shipped_faces: the card of a trained network tells its settings, split and figures."""

from pathlib import Path

from experiments.shipped_faces.ship import card, losses, measured
from mood2music.face.reading.predictor import open_predictor
from mood2music.face.training import task
from mood2music.learn.settings import OptimizerSettings

DRAWN = {"name": "drawn", "count": 40, "val_fraction": 0.2, "test_fraction": 0.2}


def test_the_card_tells_what_the_file_holds(tmp_path: Path) -> None:
    model = {"name": "cnn10", "pretrained": False, "target": "both"}
    model |= {"input_size": 49, "width": 4, "hidden": 8}
    _, data, save = task.build_face_task(
        {**model, "pretrained": False, "label_smoothing": 0.1},
        DRAWN,
        OptimizerSettings("adamw", lr=0.002),
        seed=0,
    )
    best = tmp_path / "best.safetensors"
    save(best, {"epoch": 2.0})
    table = measured(open_predictor(best), data)
    assert list(table["target"]) == ["valence"] * 2 + ["expression"] * 2 + ["arousal"] * 2
    text = card(best, table)
    for told in (
        "a 49 x 49 grey face",
        "adamw, lr 0.002, one cosine",
        "epoch 3 was best",
        "24 to train",
    ):
        assert told in " ".join(text.split()), told
    assert text.count("| constant |") == 3


def test_losses_are_named_as_they_are_summed() -> None:
    both = {"target": "both", "label_smoothing": 0.1, "loss": "both"}
    assert losses(both) == (
        "cross-entropy of the expressions (labels smoothed by 0.1) + "
        "mean squared error + 1 - CCC of the axes"
    )
    assert losses({**both, "target": "valence_arousal", "loss": "ccc"}) == "1 - CCC of the axes"
