"""task.py: what is trained, on which pieces, and what its checkpoint tells."""

from pathlib import Path
from typing import Any

import pytest
import torch

from mood2music.errors import CheckpointError, DataError, SettingsError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.chord import Chord
from mood2music.generator.settings import MusicModelSettings
from mood2music.generator.task import MusicTask, build_music_task
from mood2music.learn.batches import WholeBatches
from mood2music.learn.optimizer import OptimizerSettings

MODEL = {
    "task": "music", "name": "lstm", "representation": "pitchwise",
    "encoder": {"hidden": 8, "embedding": 8, "dropout": 0.25},
}  # fmt: skip


def built(
    library: Path, seed: int = 0, targets: str | None = None, **model: Any
) -> tuple[MusicTask, WholeBatches, Any]:
    data = {"name": "midi", "root": str(library), "window": 8, "batch_size": 2, "targets": targets}
    return build_music_task({**MODEL, **model}, data, OptimizerSettings(), seed)


def weights(task: MusicTask) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in task.parameters()])


def test_the_first_weights_are_the_seeds(library: Path) -> None:
    torch.manual_seed(8)  # what was drawn before plays no part
    first = weights(built(library)[0])
    torch.manual_seed(9)
    assert torch.equal(weights(built(library)[0]), first)
    assert not torch.equal(weights(built(library, seed=1)[0]), first)


def test_the_parts_share_no_piece(library: Path) -> None:
    _, data, _ = built(library)
    train, val = ({row.name for row in part.windows.rows} for part in (data.train, data.val))
    assert train
    assert val
    assert not train & val


def test_the_loss_to_learn_has_the_dynamics_and_the_one_that_is_shown_has_not(
    library: Path,
) -> None:
    task, data, _ = built(library)
    shown: dict[str, float] = {}
    task.log = lambda name, value, **more: shown.update({name: value.item()})  # type: ignore[method-assign]
    batch = next(iter(data.train))
    torch.manual_seed(0)
    loss = task.training_step(batch, 0)
    torch.manual_seed(0)
    nats = task.network.nats(batch)
    assert shown["train/loss"] == pytest.approx((nats.chords.mean() + nats.durations.mean()).item())
    assert loss.item() == pytest.approx(shown["train/loss"] + nats.levels.mean().item())


def test_a_checkpoint_tells_where_it_came_from(library: Path, tmp_path: Path) -> None:
    _, data, save = built(library)
    save(tmp_path / "base.safetensors", {"val/loss": 2.5})
    _, header = networks.load(tmp_path / "base.safetensors")
    assert header["metrics"] == {"val/loss": 2.5}
    assert header["data"]["settings"]["root"] == library.name  # no folder of the user's
    assert set(header["data"]["train_names"]) == {row.name for row in data.train.windows.rows}
    task, _, save = built(
        library, init=str(tmp_path / "base.safetensors"), encoder={"dropout": 0.5}
    )
    assert task.network.encoder.drop.p == 0.5
    save(tmp_path / "tuned.safetensors", {})
    _, tuned = networks.load(tmp_path / "tuned.safetensors")
    assert tuned["init"] == checksum(tmp_path / "base.safetensors")
    assert set(tuned["data"]["seen_before"]) == {
        *header["data"]["train_names"], *header["data"]["val_names"],
    }  # fmt: skip


def test_a_network_of_another_kind_is_no_start(library: Path, tmp_path: Path) -> None:
    _, _, save = built(library)
    save(tmp_path / "base.safetensors", {})
    with pytest.raises(CheckpointError, match="expected lstm chord"):
        built(library, init=str(tmp_path / "base.safetensors"), representation="chord")


def test_a_folder_without_music_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        built(tmp_path)


def test_a_network_of_all_places_can_learn_the_event_behind_the_window_alone(library: Path) -> None:
    task, data, _ = built(library, targets="last")
    batch = next(iter(data.train))
    task.eval()
    last = task.network.predicted(batch, last=True)
    assert torch.equal(last.durations, batch.durations[:, -1])
    shown: dict[str, float] = {}
    task.log = lambda name, value, **more: shown.update({name: value.item()})  # type: ignore[method-assign]
    task.training_step(batch, 0)
    nats = task.network.representation.nats(*last)
    assert shown["train/loss"] == pytest.approx((nats.chords.mean() + nats.durations.mean()).item())
    assert shown["train/loss"] != pytest.approx(task.network.nats(batch).chords.mean().item())


def test_accuracy_is_the_share_of_likeliest_words_and_durations(library: Path) -> None:
    task, data, _ = built(library, representation="chord", chord_least=1, accuracy=True)
    shown: dict[str, float] = {}
    task.log = lambda name, value, **more: shown.update({name: value.item()})  # type: ignore[method-assign]
    representation = task.network.representation
    assert isinstance(representation, Chord)
    batch = next(iter(data.train))
    chord = batch.tokens[0, 1]
    with torch.no_grad():
        word = int(representation.vocabulary.words(chord[None])[0])
        representation.out.weight.zero_()
        representation.out.bias.copy_(torch.eye(len(representation.out.bias))[word])
    task.training_step(batch, 0)
    real = batch.durations[:, 1:] > 0
    same = (batch.tokens[:, 1:] == chord).all(2)[real]
    assert 0 < shown["train/chord_accuracy"] == pytest.approx(same.float().mean().item())
    assert 0 <= shown["train/duration_accuracy"] <= 1


def test_accuracy_of_what_is_spelled_is_refused() -> None:
    with pytest.raises(SettingsError, match="representation=chord"):
        MusicModelSettings(accuracy=True).check()
