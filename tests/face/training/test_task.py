"""task.py: losses by hand, and a tiny network that learns from drawn faces end to end."""

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from mood2music.errors import DataError
from mood2music.face.network import stored
from mood2music.face.network.settings import FaceSettings
from mood2music.face.reading.reader import FaceReader
from mood2music.face.training import task
from mood2music.files import CONFIGS, checksum
from mood2music.learn import checkpoint
from mood2music.learn.fit import Fitted, fit
from mood2music.learn.optimizer_settings import OptimizerSettings
from mood2music.learn.run_log import opened
from mood2music.learn.settings import LoggerSettings, TrainerSettings
from tests.affectnet import picture

# Lightning warns of its own imports, of a run folder that already holds the log, and of a run
# resumed in another folder.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*LeafSpec.* is deprecated"),
    pytest.mark.filterwarnings("ignore:Checkpoint directory .* exists and is not empty"),
    pytest.mark.filterwarnings("ignore:The dirpath has changed"),
    pytest.mark.filterwarnings("ignore:.*does not have many workers"),
]

TINY = {
    "name": "cnn10",
    "pretrained": False,
    "input_size": 49,
    "width": 4,
    "hidden": 16,
    "dropout": 0.0,
}
DRAWN = {"name": "drawn", "count": 500, "val_fraction": 0.2, "test_fraction": 0.2}


def trained(
    folder: Path,
    model: dict[str, Any],
    epochs: int,
    resume: Path | None = None,
    schedule: str = "cosine",
) -> Fitted:
    optimizer = OptimizerSettings(lr=3e-3, schedule=schedule, warmup=0.1)
    made, data, save = task.build_face_task(model, {**DRAWN, "batch_size": 25}, optimizer, seed=0)
    trainer = TrainerSettings(
        epochs=epochs, accelerator="cpu", precision="32-true", threads=1, progress=False
    )
    with opened(LoggerSettings(), folder, {}) as told:
        return fit(made, data, trainer, told, folder, save, seed=0, resume=resume)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Fitted]:
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOOD2MUSIC_CACHE", str(folder / "cache"))
        return folder, trained(folder, TINY, epochs=8)


def test_mse_and_ccc_losses_are_the_formulas() -> None:
    truth, predicted = torch.tensor([[0.0], [1.0], [2.0]]), torch.tensor([[1.0], [2.0], [3.0]])
    settings = {"axes": ["valence"]}
    figures = {
        name: task.loss(
            predicted, truth, torch.zeros(3, 8), FaceSettings(loss=name, **settings)
        ).item()
        for name in ("mse", "ccc", "both")
    }
    assert figures == pytest.approx({"mse": 1.0, "ccc": 3 / 7, "both": 10 / 7})


def test_unknown_expressions_do_not_count() -> None:
    scores = torch.zeros(2, 8)
    scores[0, 3] = 100.0
    known = torch.eye(8)[[3, 3]] * torch.tensor([[1.0], [0.0]])
    found = task.loss(scores, torch.zeros(2, 2), known, FaceSettings(target="expression"))
    assert found.item() == pytest.approx(0.0)


def test_votes_are_learnt_as_they_are_spread() -> None:
    shares = torch.tensor([[0.7, 0.2, 0.1, 0, 0, 0, 0, 0]])
    settings = FaceSettings(target="expression")
    best = task.loss((shares + 1e-9).log(), torch.zeros(1, 2), shares, settings)
    assert best.item() == pytest.approx(-sum(p * math.log(p) for p in (0.7, 0.2, 0.1)))
    surer = task.loss((shares + 1e-9).log() * 2, torch.zeros(1, 2), shares, settings)
    assert surer > best


def test_both_targets_add_their_losses() -> None:
    random = torch.Generator().manual_seed(0)
    scores, moods = torch.rand(6, 10, generator=random), torch.rand(6, 2, generator=random)
    known = torch.eye(8)[[0, 1, 2, 3, 4, 7]]
    mood = task.loss(scores[:, :2], moods, known, FaceSettings())
    told = task.loss(scores[:, 2:], moods, known, FaceSettings(target="expression"))
    both = task.loss(scores, moods, known, FaceSettings(target="both"))
    assert both.item() == pytest.approx(mood.item() + told.item())


def test_no_known_expression_gives_no_loss_and_no_nan() -> None:
    settings = FaceSettings(target="expression")
    found = task.loss(torch.rand(2, 8), torch.zeros(2, 2), torch.zeros(2, 8), settings)
    assert found.item() == 0.0


def test_a_network_of_both_targets_logs_the_figures_of_both(tmp_path: Path) -> None:
    fitted = trained(tmp_path, {**TINY, "target": "both", "heads": "joint"}, epochs=1)
    assert {"val/accuracy", "val/valence_ccc", "val/arousal_rmse"} <= set(fitted.metrics)
    assert stored.load(fitted.best).outputs[:3] == ["valence", "arousal", "neutral"]


def test_a_tiny_network_learns_what_drawn_faces_feel(run: tuple[Path, Fitted]) -> None:
    _, fitted = run
    assert fitted.metrics["val/valence_pearson"] > 0.5
    assert fitted.metrics["val/arousal_pearson"] > 0.3
    assert fitted.val_loss < 0.9 * (0.21 + 0.17)  # the variances of the two axes


def test_the_log_has_train_and_held_out_losses(run: tuple[Path, Fitted]) -> None:
    header = next(run[0].rglob("metrics.csv")).read_text().splitlines()[0].split(",")
    assert {"train/loss", "val/loss", "val/valence_ccc", "val/arousal_rmse"} <= set(header)


def test_the_checkpoint_tells_settings_data_split_and_figures(run: tuple[Path, Fitted]) -> None:
    header = checkpoint.read_header(run[1].best, "face")
    assert header["settings"]["name"] == "cnn10"
    assert header["outputs"] == ["valence", "arousal"]
    assert header["data"]["count"] == 500
    assert header["split"]["train"] == 300
    assert header["metrics"]["val/loss"] == pytest.approx(run[1].val_loss)


def test_the_checkpoint_reads_faces_as_the_network_did(run: tuple[Path, Fitted]) -> None:
    data, _ = task.build_data({**DRAWN, "batch_size": 25}, 0)
    faces = data.table.images[data.parts.test].astype("float32") / 255
    read = FaceReader.load(run[1].best).moods(faces)
    truth = data.table.moods[data.parts.test]
    assert ((read - truth) ** 2).mean() < ((truth - truth.mean(0)) ** 2).mean()


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    first = trained(tmp_path / "one", TINY, epochs=1, schedule="constant")
    last = tmp_path / "one" / "last.ckpt"
    second = trained(tmp_path / "two", TINY, 2, resume=last, schedule="constant")
    assert second.epochs == 2
    assert second.val_loss <= first.val_loss


def test_fine_tuning_starts_from_the_checkpoint(run: tuple[Path, Fitted]) -> None:
    model = {**TINY, "axes": ["arousal"], "init": str(run[1].best)}
    made, _, save = task.build_face_task(model, {**DRAWN, "batch_size": 25}, OptimizerSettings(), 0)
    theirs = stored.load(run[1].best).networks
    save(run[0] / "tuned.safetensors", {})
    header = checkpoint.read_header(run[0] / "tuned.safetensors")
    assert header["started_from"] == {"init": checksum(run[1].best)}
    assert str(run[0]) not in str(header)
    faces = torch.rand(4, 1, 49, 49)
    torch.testing.assert_close(made.network.eval()(faces), theirs(faces)[:, 1:])


def test_a_tilde_stands_for_the_home_folder(
    run: tuple[Path, Fitted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(run[1].best.parent))
    data = {**DRAWN, "batch_size": 25}
    model = {**TINY, "init": "~/best.safetensors"}
    made, _, _ = task.build_face_task(model, data, OptimizerSettings(), seed=1)
    faces = torch.rand(4, 1, 49, 49)
    theirs = stored.load(run[1].best).networks
    torch.testing.assert_close(made.network.eval()(faces), theirs(faces))


@pytest.mark.parametrize("target", ["both", "expression"])
def test_expressions_that_no_picture_tells_are_not_learnt(target: str, tmp_path: Path) -> None:
    rows = ["path,valence,arousal"]
    for number in range(6):
        (tmp_path / f"{number}.png").write_bytes(picture(number))
        rows.append(f"{number}.png,0.{number},0")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    data = {"name": "faces", "root": str(tmp_path), "val_fraction": 0.5}
    with pytest.raises(DataError, match="no picture of train tells an expression"):
        task.build_face_task({**TINY, "target": target}, data, OptimizerSettings(), seed=0)
    assert task.build_face_task(TINY, data, OptimizerSettings(), seed=0)


def test_expressions_train_too(tmp_path: Path) -> None:
    fitted = trained(tmp_path, {**TINY, "target": "expression"}, epochs=1)
    assert 0 < fitted.metrics["val/accuracy"] < 1
    assert stored.load(fitted.best).outputs[1] == "happiness"


@pytest.mark.parametrize("model", ["cnn10_tiny", "cnn10", "alexnet", "timm"])
def test_every_face_model_composes_builds_and_gives_way(model: str) -> None:
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        own = compose("train", [f"model={model}"])
        asked = compose("train", [f"model={model}", "data=faces", "optimizer=rmsprop"])
    assert own.model.task == "face"
    assert own.data.name == "drawn"
    assert (asked.data.name, asked.optimizer.name) == ("faces", "rmsprop")
    small = OmegaConf.merge(own.data, {"count": 64})
    made, _, _ = task.build_face_task(own.model, small, OptimizerSettings(), 0)  # type: ignore[arg-type]
    assert made.eval()(torch.rand(2, 1, 49, 49)).shape == (2, 2)
