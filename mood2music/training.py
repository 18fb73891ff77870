"""Fit any task with Lightning: trainer, loggers, checkpoints, resume; the best one comes back."""

import logging
import shutil
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint, TQDMProgressBar
from lightning.pytorch.loggers import CSVLogger, Logger, WandbLogger
from torch.utils.data import DataLoader, IterableDataset

from mood2music.errors import CheckpointError, SettingsError, TrainingError

log = logging.getLogger(__name__)

MONITOR = "val/loss"

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


@dataclass
class TrainerSettings:
    """configs/trainer/*.yaml.

    epochs: most epochs; patience: epochs without a lower held-out loss before stopping (0: never
    stop early); steps: batches an epoch (0: all); threads: CPU threads (0: torch's own choice).
    """

    epochs: int = 90
    patience: int = 10
    steps: int = 0
    accelerator: str = "auto"
    precision: str = "32-true"
    gradient_clip: float = 1.0
    threads: int = 0
    progress: bool = True


@dataclass
class LoggerSettings:
    """configs/logger/*.yaml. A CSV log is always written; name=wandb logs there too.

    mode: online, offline, or auto (online when an API key is at hand, else offline); log_images:
    whether wandb also gets pictures of training data, those that the task shows with
    `examples(batch)`.
    """

    name: str = "csv"
    project: str = "mood2music"
    entity: str | None = None
    group: str | None = None
    mode: str = "auto"
    log_images: bool = False


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

    def __init__(self, path: Path, save: Callable[[Path, dict[str, float]], None]) -> None:
        self.path, self.save, self.best = path, save, float("inf")
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


class _Examples(Callback):
    """Show wandb the first batch of each run, as the task draws it."""

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
            for logger in trainer.loggers:
                if isinstance(logger, WandbLogger):
                    logger.log_image("train/examples", [examples(batch)])


def fit(
    task: L.LightningModule,
    data: L.LightningDataModule,
    trainer: TrainerSettings,
    logger: LoggerSettings,
    folder: Path,
    save: Callable[[Path, dict[str, float]], None],
    config: Mapping[str, Any],
    resume: Path | None = None,
) -> Fitted:
    """Train `task` on `data`, logging to `folder`, until held-out loss stops falling.

    The task logs "val/loss". `save(path, metrics)` writes the network as it stands; it is called
    whenever held-out loss has fallen. `resume` is a last.ckpt that an earlier run wrote.
    """
    if resume is not None:
        _check_resume(resume, task)
    if trainer.threads:
        torch.set_num_threads(trainer.threads)
    best = _BestNetwork(folder / "best.safetensors", save)
    callbacks: list[Callback] = [
        best,
        ModelCheckpoint(folder, filename="last", save_top_k=1, enable_version_counter=False),
    ]
    if logger.log_images:
        if logger.name != "wandb":
            raise SettingsError(f"logger.log_images: only logger=wandb does, found {logger.name}")
        callbacks.append(_Examples())
    if trainer.patience:
        callbacks.append(EarlyStopping(MONITOR, patience=trainer.patience))
    if trainer.progress:
        callbacks.append(TQDMProgressBar(refresh_rate=10))
    # Its handler and Hydra's would both print what it says, hardware and tips.
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    loggers = _loggers(logger, folder, config)
    failed = True
    try:
        with warnings.catch_warnings():
            for message in UNTRUE_HERE:
                warnings.filterwarnings("ignore", message)
            lightning = L.Trainer(
                default_root_dir=folder,
                max_epochs=trainer.epochs,
                limit_train_batches=trainer.steps or None,
                accelerator=trainer.accelerator,
                devices=1,
                precision=trainer.precision,  # type: ignore[arg-type]  # a plain str from the config
                gradient_clip_val=trainer.gradient_clip or None,
                callbacks=callbacks,
                logger=loggers,
                enable_progress_bar=trainer.progress,
                enable_model_summary=False,
                log_every_n_steps=10,
            )
            lightning.fit(task, datamodule=data, ckpt_path=resume, weights_only=True)
        failed = False
    except MisconfigurationException as error:
        raise SettingsError(f"trainer: {' '.join(str(error).split())}") from error
    finally:
        # Without finish() the runs of a multirun merge into one.
        _finish(loggers, failed)
    if not best.path.is_file():
        earlier = resume.parent / best.path.name if resume else None
        if earlier is None or not earlier.is_file():
            raise TrainingError(
                "held-out loss was never a number: lower optimizer.lr, or check the data"
            )
        # The resumed run brought nothing better: its best is the earlier run's.
        shutil.copyfile(earlier, best.path)
    return Fitted(best.path, best.best, lightning.current_epoch, best.metrics)


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


def _loggers(settings: LoggerSettings, folder: Path, config: Mapping[str, Any]) -> list[Logger]:
    if (folder / "log").is_dir():  # of the run that is resumed; Lightning would empty it
        count = len(list(folder.glob("log*")))
        (folder / "log").rename(folder / f"log_{count}")
    loggers: list[Logger] = [CSVLogger(folder, name="log", version="", flush_logs_every_n_steps=20)]
    if settings.name not in ("csv", "wandb"):
        raise SettingsError(f"logger.name={settings.name}: expected csv or wandb")
    if settings.name == "wandb":
        import wandb

        mode = settings.mode
        if mode == "auto":
            mode = "online" if wandb.api.api_key else "offline"
        log.info("wandb logs %s", mode)
        run = wandb.init(
            project=settings.project,
            entity=settings.entity,
            group=settings.group,
            dir=folder,
            mode=mode,  # type: ignore[arg-type]  # a plain str from the config
            config=dict(config),
            reinit="finish_previous",
        )
        loggers.append(WandbLogger(experiment=run))
    return loggers


def _finish(loggers: list[Logger], failed: bool) -> None:
    if any(isinstance(logger, WandbLogger) for logger in loggers):
        import wandb

        wandb.finish(exit_code=int(failed))
