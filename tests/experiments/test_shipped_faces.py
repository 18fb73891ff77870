"""shipped_faces: cards tell settings and figures; what distils them begins and ends as it says."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from experiments.shipped_faces import mobile
from experiments.shipped_faces.distil import MILD, Learning, Plan, Settings, annealed, loss
from experiments.shipped_faces.ship import card, fitted, losses, measured, write_calibrated
from experiments.shipped_faces.votes import agreement, dealt
from mood2music.face.network.backbone import GREY_DEVIATION
from mood2music.face.network.settings import AugmentSettings
from mood2music.face.reading.predictor import open_predictor
from mood2music.face.training import task
from mood2music.learn.optimizer_settings import OptimizerSettings

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
    assert "**Calibration**: none." in text


def test_a_calibration_finds_what_scores_were_distorted_by() -> None:
    random = np.random.default_rng(0)
    true = random.normal(size=(400, 8))
    shares = np.exp(true) / np.exp(true).sum(1, keepdims=True)
    biases = np.linspace(-0.7, 0.7, 8)
    divisor, found = fitted(np.stack([2 * (true - biases)] * 2), shares)
    np.testing.assert_allclose(divisor, 2.0, atol=1e-3)
    np.testing.assert_allclose(found, biases, atol=1e-3)


def test_a_calibrated_checkpoint_moves_expressions_alone_and_says_so(tmp_path: Path) -> None:
    model = {"name": "residual", "pretrained": False, "target": "both", "heads": "joint"}
    model |= {"input_size": 48, "width": 4, "normalise": "picture"}
    _, data, save = task.build_face_task(model, DRAWN, OptimizerSettings("adamw"), seed=0)
    plain, once, twice = (tmp_path / f"{name}.safetensors" for name in ("plain", "once", "twice"))
    save(plain, {"epoch": 0.0})
    biases = np.linspace(-0.7, 0.7, 8)
    write_calibrated(plain, once, 2.0, biases)
    write_calibrated(once, twice, 0.5, np.zeros(8))
    faces = np.asarray(data.table.images[:3], dtype=np.float32) / 255
    given = [open_predictor(path)(faces) for path in (plain, once, twice)]
    assert open_predictor(plain).outputs[:2] == ["valence", "arousal"]
    np.testing.assert_allclose(given[1][:, :2], given[0][:, :2])
    np.testing.assert_allclose(given[1][:, 2:], given[0][:, 2:] / 2 + biases, atol=2e-3)
    np.testing.assert_allclose(given[2][:, 2:], given[0][:, 2:] + 2 * biases, atol=4e-3)
    assert "divided by 1.000" in (
        told := " ".join(card(twice, measured(open_predictor(plain), data)).split())
    )
    assert "neutral -1.40" in told


def test_losses_are_named_as_they_are_summed() -> None:
    both = {"target": "both", "label_smoothing": 0.1, "loss": "both"}
    assert losses(both) == (
        "cross-entropy of the expressions (labels smoothed by 0.1) + "
        "mean squared error + 1 - CCC of the axes"
    )
    assert losses({**both, "target": "valence_arousal", "loss": "ccc"}) == "1 - CCC of the axes"


def test_augmentation_is_whole_in_the_first_half_and_mild_at_the_end() -> None:
    wild = AugmentSettings(rotation=20.0, hide=0.08, jpeg=0.2)
    assert annealed(wild, 0.5) == wild
    assert annealed(wild, 0.675).rotation == 17.0
    assert annealed(wild, 0.9).hide == MILD["hide"]
    assert annealed(wild, 0.9).flip == wild.flip


def graph_of(folder: Path, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Write faceres.json and .bin as npm's package has them, of random halves; give the tensors."""
    shapes = {"conv1/convolution/merged_input": (3, 3, 3, 32), "conv1_bn/batchnorm_1/sub": (32,)}
    for block in range(1, len(mobile.WIDTHS)):
        inputs, outputs = mobile.WIDTHS[block - 1], mobile.WIDTHS[block]
        shapes[f"conv_dw_{block}/depthwise_kernel"] = (3, 3, inputs, 1)
        shapes[f"conv_dw_{block}_bn/batchnorm_1/mul"] = (inputs,)
        shapes[f"conv_dw_{block}_bn/batchnorm_1/sub"] = (inputs,)
        shapes[f"conv_pw_{block}/convolution/merged_input"] = (1, 1, inputs, outputs)
        shapes[f"conv_pw_{block}_bn/batchnorm_1/sub"] = (outputs,)
    held = {
        name: (random.normal(size=shape) * np.prod(shape[:-1] or 1) ** -0.5).astype(np.float16)
        for name, shape in shapes.items()
    }
    entries = [
        {"name": n, "shape": v.shape, "dtype": "float32", "quantization": {"dtype": "float16"}}
        for n, v in held.items()
    ]
    (folder / "faceres.json").write_text(json.dumps({"weightsManifest": [{"weights": entries}]}))
    (folder / "faceres.bin").write_bytes(b"".join(v.tobytes() for v in held.values()))
    return held


def test_a_mobilenet_begins_with_what_its_graph_computes(tmp_path: Path) -> None:
    held = graph_of(tmp_path, np.random.default_rng(0))
    network = mobile.MobileNet(17).eval()
    faces = torch.rand(4, 1, 32, 32, generator=torch.Generator().manual_seed(0)) - 0.5
    mobile.begin(network, tmp_path / "faceres.json", faces / GREY_DEVIATION)
    maps = (255 * faces).expand(-1, 3, -1, -1)
    tensors = {name: torch.tensor(value.astype(np.float32)) for name, value in held.items()}
    names = ["conv1", *(f"conv_{k}_{b}" for b in range(1, 14) for k in ("dw", "pw"))]
    for name in names:
        block = int(name.split("_")[-1]) if "_" in name else 0
        bias = tensors[f"{name}_bn/batchnorm_1/sub"].view(1, -1, 1, 1)
        if "_dw_" in name:
            kernel = tensors[f"{name}/depthwise_kernel"].permute(2, 3, 0, 1)
            stride = 2 if block in (2, 4, 6, 12) else 1
            maps = F.pad(maps, (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1))
            maps = F.conv2d(maps, kernel, stride=stride, groups=len(kernel))
            maps = maps * tensors[f"{name}_bn/batchnorm_1/mul"].view(1, -1, 1, 1)
        else:
            kernel = tensors[f"{name}/convolution/merged_input"].permute(3, 2, 0, 1)
            maps = F.pad(maps, (0, 1, 0, 1)) if block == 0 else maps
            maps = F.conv2d(maps, kernel, stride=2 if block == 0 else 1)
        maps = F.relu6(maps + bias)
    with torch.inference_mode():
        given = network.layers(faces / GREY_DEVIATION)
    torch.testing.assert_close(given, maps, rtol=1e-3, atol=1e-3)


def test_a_student_learns_what_its_teacher_says() -> None:
    asked = Settings(Path(), None, None, Path(), 1.0, 8, "cpu", 0)
    teacher = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(48 * 48, 17)).eval()
    student = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(48 * 48, 17))
    learning = Learning(student, Plan("student", 1e-3, 0), AugmentSettings(), asked)
    faces = torch.rand(8, 1, 48, 48, generator=torch.Generator().manual_seed(0))

    def apart() -> float:
        with torch.inference_mode():
            said = teacher(faces)
            told = said[:, :2].clamp(-1, 1), said[:, 2:10].softmax(1), said[:, 10:].softmax(1)
            return float(loss(learning.shown(faces), *told))

    before = apart()
    blank = torch.zeros(8, 2), torch.zeros(8, 8), torch.zeros(8, 7)
    for _ in range(40):
        learning.step((faces, *blank), 0.3, [(1.0, teacher)])
    assert apart() < before - 0.1


def test_voters_are_dealt_into_halves_and_halves_alike_agree_wholly() -> None:
    votes = np.array(
        [[10, 0, 0, 0, 0, 0, 0, 0], [0, 4, 0, 4, 0, 0, 1, 0], [3, 0, 5, 0, 0, 0, 0, 2]]
    )
    half, other = dealt(votes, np.random.default_rng(0))
    np.testing.assert_array_equal(half + other, votes)
    assert half.sum(1).tolist() == [5, 4, 5]
    assert min(half.min(), other.min()) >= 0
    same = agreement(votes, votes)
    assert same["majority"] == 1
    assert same["valence_ceiling"] == pytest.approx(1)
    turned = agreement(votes, votes[[1, 2, 0]])
    assert turned["majority"] == 0
    assert turned["valence_pearson"] < 0
