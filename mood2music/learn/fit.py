"""Lightning fits a task, from the start or from where a run stopped, and tests its best network."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.callbacks import Callback, ModelCheckpoint

from mood2music.command.global_state import left_as_found
from mood2music.command.interrupt import Interrupted, listening
from mood2music.errors import SettingsError, TrainingError
from mood2music.learn import chosen_callbacks as choices
from mood2music.learn import precision
from mood2music.learn.batches import Data, FewBatches
from mood2music.learn.callbacks import MONITOR, BestNetwork, Examples, Seeds, Stop
from mood2music.learn.freed_memory import freed_memory_kept
from mood2music.learn.moving_average import MovingAverage
from mood2music.learn.profile import profiler
from mood2music.learn.progress import Bar, Duration
from mood2music.learn.resume import LAST, check_resume, take_over
from mood2music.learn.run_log import RunLog
from mood2music.learn.settings import TrainerSettings
from mood2music.learn.task import Task

log = logging.getLogger(__name__)

BEST = "best.safetensors"

# What Lightning warns of and is no fault here: batches come from one process, Hydra has already
# made the run's folder, means of short epochs are logged too, a resumed run has a folder of its
# own, the figures that processes log are equal on all,
# and one is Lightning's own use of a torch function.
UNTRUE_HERE = (
    "Your `IterableDataset` has `__len__`",
    "Checkpoint directory .* exists",
    r"`isinstance\(treespec",
    "The '.*_dataloader' does not have many workers",
    "The number of training batches .* is smaller than the logging interval",
    "The dirpath has changed from",
    "It is recommended to use .self.log.*sync_dist=True",
    "Using `DistributedSampler` with the dataloaders",
)


@dataclass(frozen=True)
class Fitted:
    """What a training run gives back.

    best: the checkpoint of the best epoch; value: of the metric there, by which it is the best;
    epochs: that were run; metrics: the best epoch's figures, its number too; tested: the figures
    of the best weights on the test part, {} where it was not asked for; last: the last epoch's
    figures.
    """

    best: Path
    value: float
    epochs: int
    metrics: dict[str, float]
    tested: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    @property
    def val_loss(self) -> float:
        """Held-out loss of the best epoch."""
        return self.metrics.get(MONITOR, float("nan"))


def fit(
    task: Task,
    data: Data,
    trainer: TrainerSettings,
    told: RunLog,
    folder: Path,
    save: Callable[[Path, dict[str, float]], None],
    *,
    seed: int,
    resume: Path | None = None,
    callbacks: Mapping[str, Any] | None = None,
    show_examples: bool = False,
    metric: str = MONITOR,
    mode: str = "min",
    restore: Callable[[Path], None] | None = None,
    also: Sequence[Callback] = (),
    again: str | None = None,
) -> Fitted:
    """Train `task` on `data`, into `folder`, telling `told`, until held-out loss stops falling.

    The task logs "val/loss", and `metric`, which chooses the best epoch: the lowest, or with
    mode="max" the highest. `save(path, metrics)` writes the network as it stands; it is called
    whenever the metric is better than ever. `seed`: of dropout. `resume` is a last.ckpt that an
    earlier run wrote: the run then goes on as if it had not been broken, on a CPU to the byte.
    `callbacks`: by name, besides those that keep the network; `also`: further ones, made already.
    `show_examples`: wandb gets a picture of the first batch. `restore(path)` reads what `save`
    wrote back into the task: the best weights are then measured on the test part. `again`: what a
    command that is repeated says behind resume=, None for this run's last.ckpt. Raises
    SettingsError for a metric that the task does not log, TrainingError when it was never a number,
    and Interrupted, which says what was kept, on Ctrl-C or SIGTERM.
    """
    best = BestNetwork(folder / BEST, save, told, metric, mode)
    if resume is not None:
        check_resume(resume, task)
        take_over(resume.with_name(BEST), best.path)
    called: list[Callback] = [best, Seeds(seed), Duration()]
    if trainer.keep_last:
        called.append(
            ModelCheckpoint(folder, filename="last", save_top_k=1, enable_version_counter=False)
        )
    if trainer.ema:
        called.append(MovingAverage(trainer.ema))
    if show_examples:
        called.append(Examples(told))
    called += [*choices.build(callbacks or {}, metric, mode), *also]
    if trainer.progress:
        called.append(Bar(metric))
    with left_as_found(), freed_memory_kept(), listening() as request, _quiet():
        if trainer.threads:
            torch.set_num_threads(trainer.threads)
        tested: dict[str, float] = {}
        try:
            lightning = _trainer(trainer, task, told, folder, [*called, Stop(request)])
            if trainer.compile:
                task.compile_layers()
            if trainer.overfit_batches:
                data = FewBatches(data, trainer.overfit_batches)
            lightning.fit(task, datamodule=data, ckpt_path=resume, weights_only=True)
            lightning.strategy.barrier()  # until the first process has written the best network
            if restore is not None and best.path.is_file() and _has_test(data):
                restore(best.path)
                (figures,) = lightning.test(task, datamodule=data, verbose=False)
                tested = dict(figures)
        except MisconfigurationException as error:
            raise SettingsError(f"trainer: {' '.join(str(error).split())}") from error
        except (Interrupted, SystemExit):  # Lightning puts the second in the first's place
            if request.number is None:
                raise
    told.summarise({**best.metrics, **tested})
    epochs = lightning.current_epoch
    fitted = Fitted(best.path, best.best, epochs, best.metrics, tested, best.last)
    if request.number is not None:
        raise Interrupted(_kept(fitted, resume, request.name, again), request.number)
    if not best.path.is_file():
        raise TrainingError(
            f"{'held-out loss' if metric == MONITOR else metric} was never a number: lower "
            "optimizer.lr, or check the data"
        )
    return fitted


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Lightning from saying what is known, and from warning of what is no fault here."""
    # Its handler and Hydra's would both print what it says, hardware and tips.
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        for message in UNTRUE_HERE:
            warnings.filterwarnings("ignore", message)
        yield


def _trainer(
    trainer: TrainerSettings, task: Task, told: RunLog, folder: Path, callbacks: list[Callback]
) -> L.Trainer:
    """Lightning's trainer, as the settings have it. Raises MisconfigurationException, its own."""
    return L.Trainer(
        default_root_dir=folder,
        max_epochs=trainer.epochs,
        limit_train_batches=trainer.limit_train_batches,
        limit_val_batches=trainer.limit_val_batches,
        limit_test_batches=trainer.limit_test_batches,
        accelerator=trainer.accelerator,
        devices=trainer.devices,
        num_nodes=trainer.num_nodes,
        strategy=trainer.strategy,
        precision=precision.chosen(trainer, task.fast_in_bf16),  # type: ignore[arg-type]  # a plain str from the config
        accumulate_grad_batches=trainer.accumulate,
        gradient_clip_val=trainer.gradient_clip or None,
        callbacks=callbacks,
        logger=told.loggers(),
        profiler=profiler(trainer.profiler, folder),
        enable_progress_bar=trainer.progress,
        enable_model_summary=False,
        enable_checkpointing=trainer.keep_last,
        use_distributed_sampler=False,  # each process takes its rows of every batch
        log_every_n_steps=10,
    )


def _has_test(data: L.LightningDataModule) -> bool:
    """Whether the data has a test part."""
    loader = data.test_dataloader()
    return loader is not None and len(loader) > 0


def _kept(fitted: Fitted, resume: Path | None, signal: str, again: str | None) -> str:
    """Say what a run that was stopped by `signal` leaves, and how it goes on."""
    if not fitted.best.is_file():
        return f"stopped by {signal} before an epoch was over and measured: no network is kept"
    last = fitted.best.with_name(LAST)
    last = last if last.is_file() or resume is None else resume
    goes_on = (
        f"to go on repeat the command with resume={again or last}"
        if last.is_file()
        else f"without {LAST} it cannot go on"
    )
    epochs = f"{fitted.epochs} epoch{'s' if fitted.epochs != 1 else ''}"
    return (
        f"stopped by {signal} after {epochs}: the best network (held-out loss "
        f"{fitted.val_loss:.4f}) is {fitted.best}; {goes_on}"
    )
