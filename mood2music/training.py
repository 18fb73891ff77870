"""Fit any task with Lightning: trainer, loggers, checkpoints, resume; the best one comes back."""

import logging
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.pytorch.callbacks import Callback, EarlyStopping, ModelCheckpoint, TQDMProgressBar
from lightning.pytorch.loggers import CSVLogger, Logger, WandbLogger

from mood2music.errors import CheckpointError, SettingsError

log = logging.getLogger(__name__)

MONITOR = "val/loss"

# What Lightning warns of and is no fault here: batches come from one process, Hydra has already
# made the run's folder, and the last is Lightning's own use of a torch function.
UNTRUE_HERE = (
    "Your `IterableDataset` has `__len__`",
    "Checkpoint directory .* exists",
    "Experiment logs directory .* exists",
    r"`isinstance\(treespec",
    "The '.*_dataloader' does not have many workers",
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

    mode: online, offline, or auto (online when an API key is at hand, else offline).
    """

    name: str = "csv"
    project: str = "mood2music"
    entity: str | None = None
    group: str | None = None
    mode: str = "auto"


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
        metrics = {name: float(value) for name, value in trainer.callback_metrics.items()}
        if metrics.get(MONITOR, float("inf")) < self.best:
            self.best = metrics[MONITOR]
            self.metrics = {**metrics, "epoch": float(trainer.current_epoch)}
            self.save(self.path, self.metrics)


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
    if resume is not None and not resume.is_file():
        raise CheckpointError(f"resume={resume}: no such file, expected a run's last.ckpt")
    if trainer.threads:
        torch.set_num_threads(trainer.threads)
    best = _BestNetwork(folder / "best.safetensors", save)
    callbacks: list[Callback] = [
        best,
        ModelCheckpoint(folder, filename="last", save_top_k=1, enable_version_counter=False),
    ]
    if trainer.patience:
        callbacks.append(EarlyStopping(MONITOR, patience=trainer.patience))
    if trainer.progress:
        callbacks.append(TQDMProgressBar(refresh_rate=10))
    loggers = _loggers(logger, folder, config)
    # Its handler and Hydra's would both print what it says, hardware and tips.
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
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
    failed = True
    try:
        with warnings.catch_warnings():
            for message in UNTRUE_HERE:
                warnings.filterwarnings("ignore", message)
            lightning.fit(task, datamodule=data, ckpt_path=resume, weights_only=True)
        failed = False
    finally:
        # Without finish() the runs of a multirun merge into one.
        _finish(loggers, failed)
    return Fitted(best.path, best.best, lightning.current_epoch, best.metrics)


def _loggers(settings: LoggerSettings, folder: Path, config: Mapping[str, Any]) -> list[Logger]:
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
