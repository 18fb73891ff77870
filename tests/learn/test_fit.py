"""fit.py: a broken run goes on as if it had not been, and says what it kept."""

import signal
from collections.abc import Callable, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
import torch
from hydra import compose, initialize_config_dir

from mood2music import train
from mood2music.command.interrupt import Interrupted
from mood2music.command.settings import parse
from mood2music.errors import TrainingError
from mood2music.face.training.task import FaceTask
from mood2music.files import CONFIGS
from mood2music.learn.callback_settings import EarlyStoppingSettings
from mood2music.learn.fit import BEST, Fitted, fit
from mood2music.learn.optimizer import OptimizerSettings
from mood2music.learn.resume import LAST
from mood2music.learn.run_log import opened
from mood2music.learn.settings import LoggerSettings, TrainerSettings

# One of its own imports; a run that goes on in its own folder, or in another.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*LeafSpec.* is deprecated"),
    pytest.mark.filterwarnings("ignore:Checkpoint directory .* exists and is not empty"),
    pytest.mark.filterwarnings("ignore:The dirpath has changed"),
]

COSINE = ["optimizer=adamw", "optimizer.schedule=cosine", "optimizer.lr=0.01"]
MUSIC = ["data=midi", "data.window=16", "data.batch_size=8", "data.scored=32"]
FACES = ["data=drawn_tiny", "data.batch_size=8", "model.dropout=0.3"]
NETWORKS = {
    "lstm": ["model=lstm_tiny", *MUSIC],
    "lstm of chords, keys drawn": ["model=lstm_tiny", "model.representation=chord", *MUSIC],
    "bilstm_attention": ["model=bilstm_attention_tiny", *MUSIC, "data.transpose=1"],
    "transformer": ["model=transformer_tiny", *MUSIC, "data.transpose=12"],
    "cnn10": ["model=cnn10_tiny", *FACES],
}


@cache
def config(*overrides: str) -> Any:
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        return compose("train", list(overrides))


def trained(
    folder: Path,
    overrides: Sequence[str],
    *,
    epochs: int = 4,
    patience: int = 0,
    resume: Path | None = None,
    stop_at: int | None = None,
    by: signal.Signals = signal.SIGINT,
    precision: str = "auto",
    ema: float = 0.0,
    again: str | None = None,
) -> Fitted:
    """Train three batches an epoch; the signal comes at the batch `stop_at` of this call."""
    asked = config(*overrides)
    task, data, save = train._build(asked, parse(OptimizerSettings, asked.optimizer, "optimizer"))
    if stop_at is not None:
        task.training_step = signalled(task.training_step, stop_at, by)
    trainer = TrainerSettings(
        epochs=epochs, limit_train_batches=3, accelerator="cpu", precision=precision, ema=ema,
        threads=1, progress=False,
    )  # fmt: skip
    callbacks = {"early_stopping": EarlyStoppingSettings(patience)} if patience else {}
    with opened(LoggerSettings(), folder, {}) as told:
        return fit(
            task, data, trainer, told, folder, save, seed=5, resume=resume, callbacks=callbacks,
            restore=task.restore, again=again,
        )  # fmt: skip


def signalled(
    step: Callable[..., torch.Tensor], at: int, by: signal.Signals
) -> Callable[..., torch.Tensor]:
    steps = 0

    @wraps(step)
    def counted(*batch: Any) -> torch.Tensor:
        nonlocal steps
        steps += 1
        if steps == at:
            signal.raise_signal(by)
        return step(*batch)

    return counted


def last_state(folder: Path) -> dict[str, Any]:
    """Weights, optimizer and schedule of a run's last epoch."""
    state = torch.load(folder / LAST, weights_only=True)
    averaged = [c["averaged"] for c in state["callbacks"].values() if "averaged" in c]
    kept = ("state_dict", "optimizer_states", "lr_schedulers", "epoch")
    return {key: state[key] for key in kept} | {"averaged": averaged}


def assert_same(one: Path, other: Path) -> None:
    assert (one / BEST).read_bytes() == (other / BEST).read_bytes()
    torch.testing.assert_close(last_state(one), last_state(other), rtol=0, atol=0)


@pytest.fixture
def networks(library: Path) -> dict[str, list[str]]:
    root = [f"data.root={library}"]
    return {
        name: [*overrides, *COSINE, *(root if "data=midi" in overrides else [])]
        for name, overrides in NETWORKS.items()
    }


@pytest.mark.parametrize(
    ("name", "precision", "ema"),
    [*((name, "auto", 0.0) for name in NETWORKS), ("lstm", "bf16-mixed", 0.9),
     ("cnn10", "auto", 0.9)],
)  # fmt: skip
def test_a_run_broken_twice_equals_the_unbroken_one_to_the_byte(
    name: str, precision: str, ema: float, networks: dict[str, list[str]], tmp_path: Path
) -> None:
    whole, one, two, three = (tmp_path / n for n in ("whole", "one", "two", "three"))
    asked: dict[str, Any] = {"precision": precision, "ema": ema}
    unbroken = trained(whole, networks[name], **asked)
    with pytest.raises(Interrupted):
        trained(one, networks[name], stop_at=5, **asked)  # in the second epoch
    with pytest.raises(Interrupted):
        # At the end of the third.
        trained(two, networks[name], resume=one / LAST, stop_at=6, **asked)
    mended = trained(three, networks[name], resume=two / LAST, **asked)
    assert_same(whole, three)
    assert mended.tested == unbroken.tested != {}


def test_a_run_that_goes_on_in_its_own_folder_equals_the_unbroken_one(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    whole, own = tmp_path / "whole", tmp_path / "own"
    trained(whole, networks["cnn10"])
    with pytest.raises(Interrupted):
        trained(own, networks["cnn10"], stop_at=8)
    trained(own, networks["cnn10"], resume=own / LAST)
    assert_same(whole, own)
    assert (own / "log_1" / "metrics.csv").is_file()


def test_a_finished_run_that_is_resumed_stays_as_it_was(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    whole, again = tmp_path / "whole", tmp_path / "again"
    first = trained(whole, networks["lstm"])
    second = trained(again, networks["lstm"], resume=whole / LAST)
    assert (second.val_loss, second.epochs) == (first.val_loss, first.epochs)
    assert (again / BEST).read_bytes() == (whole / BEST).read_bytes()


def test_a_run_out_of_patience_trains_on_only_when_it_is_given_more(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    worse = [*networks["cnn10"], "optimizer.schedule=constant", "optimizer.lr=0.3"]
    stopped = trained(tmp_path / "one", worse, epochs=30, patience=2)
    assert stopped.epochs < 30
    again = trained(tmp_path / "two", worse, epochs=30, patience=2, resume=tmp_path / "one" / LAST)
    assert again == Fitted(
        tmp_path / "two" / BEST,
        stopped.val_loss,
        stopped.epochs,
        stopped.metrics,
        stopped.tested,
        stopped.last,
    )
    assert (tmp_path / "two" / BEST).read_bytes() == (tmp_path / "one" / BEST).read_bytes()
    patient = trained(
        tmp_path / "three", worse, epochs=30, patience=3, resume=tmp_path / "one" / LAST
    )
    assert patient.epochs > stopped.epochs


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_says_what_it_kept_and_how_it_goes_on(
    networks: dict[str, list[str]], tmp_path: Path, by: signal.Signals
) -> None:
    with pytest.raises(Interrupted) as stopped:
        trained(tmp_path, networks["cnn10"], stop_at=8, by=by)
    assert stopped.value.exit_code == 128 + by
    assert "after 2 epochs" in str(stopped.value)
    assert str(tmp_path / BEST) in str(stopped.value)
    assert f"resume={tmp_path / LAST}" in str(stopped.value)
    assert "\n" not in str(stopped.value)
    with pytest.raises(Interrupted, match=r"to go on repeat the command with resume=auto$"):
        trained(tmp_path / "of_a_sweep", networks["cnn10"], stop_at=4, by=by, again="auto")


def test_a_resumed_run_that_is_stopped_at_once_keeps_what_it_came_from(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    trained(one, networks["cnn10"], epochs=1)
    with pytest.raises(Interrupted) as stopped:
        trained(two, networks["cnn10"], resume=one / LAST, stop_at=1)
    assert (two / BEST).read_bytes() == (one / BEST).read_bytes()
    assert f"resume={one / LAST}" in str(stopped.value)


def test_a_run_stopped_before_it_learnt_anything_says_so(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    with pytest.raises(Interrupted, match="before an epoch was over and measured"):
        trained(tmp_path, networks["cnn10"], stop_at=2)
    assert not (tmp_path / BEST).exists()


def test_a_loss_that_was_never_a_number_is_an_error(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    with pytest.raises(TrainingError, match="never a number"):
        trained(tmp_path, [*networks["cnn10"], "optimizer.lr=1e30"], epochs=1)


@pytest.mark.parametrize("patience", [0, 3])
def test_a_loss_that_is_no_number_any_more_is_told(
    networks: dict[str, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    patience: int,
) -> None:
    def broken(self: FaceTask, batch: Any, index: int) -> torch.Tensor:
        loss = usual(self, batch, index)
        return loss * float("nan") if self.current_epoch == 2 else loss

    usual = FaceTask.training_step
    monkeypatch.setattr(FaceTask, "training_step", broken)
    fitted = trained(tmp_path, networks["cnn10"], epochs=5, patience=patience)
    assert fitted.epochs == (3 if patience else 5)
    (line,) = [message for message in caplog.messages if "val/loss" in message]
    best = int(fitted.metrics["epoch"])
    assert line.startswith(f"val/loss is nan in epoch 2, the best network is that of epoch {best}")


def test_threads_of_one_training_are_not_those_of_the_next(
    networks: dict[str, list[str]], tmp_path: Path
) -> None:
    torch.set_num_threads(2)
    try:
        trained(tmp_path, networks["cnn10"], epochs=1)  # with threads=1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)
