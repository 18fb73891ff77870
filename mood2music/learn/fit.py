"""Lightning fits any task, from the start or from where a run stopped; the best one comes back."""

import logging
import random
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint, TQDMProgressBar
from torch.utils.data import DataLoader, IterableDataset

from mood2music.command.global_state import left_as_found
from mood2music.command.interrupt import Interrupted, Request, listening
from mood2music.errors import CheckpointError, SettingsError, TrainingError
from mood2music.files import atomically
from mood2music.learn.run_log import RunLog
from mood2music.learn.settings import TrainerSettings

log = logging.getLogger(__name__)

MONITOR = "val/loss"
BEST, LAST = "best.safetensors", "last.ckpt"

# What Lightning warns of and is no fault here: batches come from one process, Hydra has already
# made the run's folder, means of short epochs are logged too, a resumed run has a folder of its
# own, and one is Lightning's own use of a torch function.
UNTRUE_HERE = (
    "Your `IterableDataset` has `__len__`",
    "Checkpoint directory .* exists",
    r"`isinstance\(treespec",
    "The '.*_dataloader' does not have many workers",
    "The number of training batches .* is smaller than the logging interval",
    "The dirpath has changed from",
)


class WholeBatches(L.LightningDataModule):
    """Batches that data sets give whole; nothing is collated.

    train: drawn freshly each epoch, by its number `train.epoch`; val: the same ones every epoch.
    """

    def __init__(self, train: Any, val: IterableDataset[Any]) -> None:
        """`train`, `val`: data sets that give batches; `train` counts its epochs in `epoch`."""
        super().__init__()
        self.train, self.val = train, val

    def train_dataloader(self) -> DataLoader[Any]:
        """Freshly drawn batches."""
        return DataLoader(self.train, batch_size=None)

    def val_dataloader(self) -> DataLoader[Any]:
        """The same held-out batches every epoch."""
        return DataLoader(self.val, batch_size=None)

    def state_dict(self) -> dict[str, Any]:
        """The epoch, so that a resumed run draws on and not again."""
        return {"epoch": self.train.epoch}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the epoch of the run that is resumed."""
        self.train.epoch = state_dict["epoch"]


@dataclass(frozen=True)
class Fitted:
    """What a training run gives back: where the best checkpoint stands and its held-out loss."""

    best: Path
    val_loss: float
    epochs: int
    metrics: dict[str, float]


class _BestNetwork(Callback):
    """Keep the best network as a plain checkpoint (safetensors), beside Lightning's resume file."""

    def __init__(
        self, path: Path, save: Callable[[Path, dict[str, float]], None], told: RunLog
    ) -> None:
        self.path, self.save, self.told, self.best = path, save, told, float("inf")
        self.metrics: dict[str, float] = {}

    def state_dict(self) -> dict[str, Any]:
        return {"best": self.best, "metrics": self.metrics}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.best, self.metrics = state_dict["best"], state_dict["metrics"]

    def on_validation_end(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        if trainer.sanity_checking:
            return
        # train/loss is not in yet: the epoch's mean is taken behind its validation.
        metrics = {
            name: float(value)
            for name, value in trainer.callback_metrics.items()
            if not name.startswith("train/")
        }
        if metrics.get(MONITOR, float("inf")) < self.best:
            self.best = metrics[MONITOR]
            self.metrics = {**metrics, "epoch": float(trainer.current_epoch)}
            self.save(self.path, self.metrics)
        self.told.summarise(self.metrics)


class _Seeds(Callback):
    """Seed each epoch by its number, so that dropout of a resumed run is the unbroken one's."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(
        self, trainer: L.Trainer, pl_module: L.LightningModule, batch: Any, batch_idx: int
    ) -> None:
        # Not on_train_epoch_start: Lightning leaves it out in the first epoch of a resumed run.
        if batch_idx:
            return
        spread = np.random.SeedSequence([self.seed, trainer.current_epoch])
        (drawn,) = (int(word) for word in spread.generate_state(1))
        torch.manual_seed(drawn)
        np.random.seed(drawn)  # noqa: NPY002  # what uses it is not ours to change
        random.seed(drawn)


class _Patience(EarlyStopping):
    """Stop as asked of this run: a resumed one has its own patience, and may have lost it before.

    Lightning would take over the patience of the run before, and train a finished one further.
    """

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        super().load_state_dict({**state_dict, "patience": self.patience})

    def on_train_start(self, trainer: L.Trainer, pl_module: L.LightningModule) -> None:
        if self.wait_count >= self.patience:
            trainer.should_stop = True


class _Stop(Callback):
    """Stop between two batches when a signal has asked for it."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def on_train_batch_end(self, *of_the_batch: Any) -> None:
        self.request.obey()

    def on_validation_batch_end(self, *of_the_batch: Any) -> None:
        self.request.obey()


class _Examples(Callback):
    """Show wandb the first batch of each run, as the task draws it."""

    def __init__(self, told: RunLog) -> None:
        self.told = told

    def on_train_batch_end(
        self,
        trainer: L.Trainer,
        pl_module: L.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        examples = getattr(pl_module, "examples", None)
        if trainer.global_step == 1 and examples is not None:
            self.told.show("train/examples", examples(batch))


def fit(
    task: L.LightningModule,
    data: L.LightningDataModule,
    trainer: TrainerSettings,
    told: RunLog,
    folder: Path,
    save: Callable[[Path, dict[str, float]], None],
    *,
    seed: int,
    resume: Path | None = None,
    show_examples: bool = False,
) -> Fitted:
    """Train `task` on `data`, into `folder`, telling `told`, until held-out loss stops falling.

    The task logs "val/loss". `save(path, metrics)` writes the network as it stands; it is called
    whenever held-out loss has fallen. `seed`: of dropout. `resume` is a last.ckpt that an earlier
    run wrote: the run then goes on as if it had not been broken, on a CPU to the byte.
    `show_examples`: wandb gets a picture of the first batch. Raises TrainingError when held-out
    loss was never a number, and Interrupted, which says what was kept, on Ctrl-C or SIGTERM.
    """
    best = _BestNetwork(folder / BEST, save, told)
    if resume is not None:
        _check_resume(resume, task)
        _take_over(resume.with_name(BEST), best.path)
    callbacks: list[Callback] = [
        best,
        _Seeds(seed),
        ModelCheckpoint(folder, filename="last", save_top_k=1, enable_version_counter=False),
    ]
    if show_examples:
        callbacks.append(_Examples(told))
    if trainer.patience:
        callbacks.append(_Patience(MONITOR, patience=trainer.patience))
    if trainer.progress:
        callbacks.append(TQDMProgressBar(refresh_rate=10))
    with left_as_found(), listening() as request, warnings.catch_warnings():
        # Its handler and Hydra's would both print what it says, hardware and tips.
        logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
        for message in UNTRUE_HERE:
            warnings.filterwarnings("ignore", message)
        if trainer.threads:
            torch.set_num_threads(trainer.threads)
        try:
            lightning = L.Trainer(
                default_root_dir=folder,
                max_epochs=trainer.epochs,
                limit_train_batches=trainer.steps or None,
                accelerator=trainer.accelerator,
                devices=1,
                precision=trainer.precision,  # type: ignore[arg-type]  # a plain str from the config
                gradient_clip_val=trainer.gradient_clip or None,
                callbacks=[*callbacks, _Stop(request)],
                logger=told.loggers(),
                enable_progress_bar=trainer.progress,
                enable_model_summary=False,
                log_every_n_steps=10,
            )
            lightning.fit(task, datamodule=data, ckpt_path=resume, weights_only=True)
        except MisconfigurationException as error:
            raise SettingsError(f"trainer: {' '.join(str(error).split())}") from error
        except (Interrupted, SystemExit):  # Lightning puts the second in the first's place
            if request.number is None:
                raise
    told.summarise(best.metrics)
    fitted = Fitted(best.path, best.best, lightning.current_epoch, best.metrics)
    if request.number is not None:
        raise Interrupted(_kept(fitted, resume, request.name), request.number)
    if not best.path.is_file():
        raise TrainingError(
            "held-out loss was never a number: lower optimizer.lr, or check the data"
        )
    return fitted


def _take_over(earlier: Path, path: Path) -> None:
    """Begin with the best network of the run that is resumed, which may stay the best."""
    if earlier.is_file() and earlier.resolve() != path.resolve():
        with atomically(path) as unfinished:
            shutil.copyfile(earlier, unfinished)


def _kept(fitted: Fitted, resume: Path | None, signal: str) -> str:
    """Say what a run that was stopped by `signal` leaves, and how it goes on."""
    if not fitted.best.is_file():
        return f"stopped by {signal} before an epoch was over and measured: no network is kept"
    last = fitted.best.with_name(LAST)
    last = last if last.is_file() or resume is None else resume
    epochs = f"{fitted.epochs} epoch{'s' if fitted.epochs != 1 else ''}"
    return (
        f"stopped by {signal} after {epochs}: the best network (held-out loss "
        f"{fitted.val_loss:.4f}) is {fitted.best}; to go on repeat the command with resume={last}"
    )


def _check_resume(path: Path, task: L.LightningModule) -> None:
    """Raise CheckpointError unless `path` is a last.ckpt of a run of the same network."""
    if not path.is_file():
        raise CheckpointError(f"resume={path}: no such file, expected a run's last.ckpt")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        shapes = {name: tuple(tensor.shape) for name, tensor in state.items()}
    except Exception as error:  # torch, zipfile and pickle each raise their own
        raise CheckpointError(f"resume={path}: not a run's last.ckpt") from error
    if shapes != {name: tuple(tensor.shape) for name, tensor in task.state_dict().items()}:
        raise CheckpointError(
            f"resume={path} is a run of another network: repeat that run's options"
        )
