from typing import Any

import pytest

from mood2music.errors import SettingsError
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network.settings import AugmentSettings, FaceSettings, outputs


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"heads": "three"}, "model.heads=three"),
        ({"target": "age"}, "model.target=age"),
        ({"loss": "mae"}, "model.loss=mae"),
        ({"classifier": "heavy"}, "model.classifier=heavy"),
        ({"axes": []}, "model.axes="),
        ({"axes": ["valence", "valence"]}, "model.axes="),
        ({"axes": ["dominance"]}, "model.axes="),
        ({"dropout": 1.0}, "model.dropout=1"),
        ({"label_smoothing": -0.1}, "model.label_smoothing=-0.1"),
        ({"input_size": 15, "name": "cnn10", "pretrained": False}, "model.input_size=15"),
        ({"input_size": 1025}, "model.input_size=1025"),
        ({"input_size": 62}, "the maps of alexnet shrink"),
        ({"hidden": 0}, "model.hidden=0"),
        ({"width": 0}, "model.width=0"),
        ({"name": "resnet18", "weights": "a.pth"}, "model.weights is for AlexNet"),
        ({"name": "cnn10", "input_size": 49}, "cnn10 has no pretrained weights"),
        ({"augment": AugmentSettings(shift=0.6)}, "model.augment.shift=0.6"),
        ({"augment": AugmentSettings(rotation=181)}, "model.augment.rotation=181"),
        ({"augment": AugmentSettings(flip=-1)}, "model.augment.flip=-1"),
    ],
)
def test_what_no_network_can_be_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace(".", r"\.")):
        FaceSettings(**changes).check()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"input_size": 63},
        {"input_size": 1024, "axes": ["arousal"]},
        {"name": "cnn10", "pretrained": False, "input_size": 16},
        {"weights": "a.pth", "hidden": 1, "width": 1, "dropout": 0.0},
    ],
)
def test_what_a_network_can_be_is_taken(changes: dict[str, Any]) -> None:
    FaceSettings(**changes).check()


def test_columns_are_the_axes_then_the_expressions() -> None:
    both = ["valence", "arousal"]
    assert outputs(FaceSettings()) == both
    assert outputs(FaceSettings(axes=["arousal"])) == ["arousal"]
    assert outputs(FaceSettings(target="expression")) == list(EXPRESSIONS)
    assert outputs(FaceSettings(target="both")) == [*both, *EXPRESSIONS]
