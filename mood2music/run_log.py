"""A training run's log opens before any data is read, and closes saying how the run ended."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import CSVLogger, Logger, WandbLogger

from mood2music.errors import SettingsError

log = logging.getLogger(__name__)

PROJECT = "mood2music"
MODES = ("auto", "online", "offline", "disabled")
# What wandb itself ends a run with that Ctrl-C ended.
STOPPED = 255


@dataclass
class LoggerSettings:
    """configs/logger/*.yaml. A CSV log is always written; name=wandb logs there too.

    What is null here, and mode=auto, is left to wandb's own variables and files (WANDB_PROJECT,
    WANDB_ENTITY, WANDB_RUN_GROUP, WANDB_MODE, WANDB_DIR); where they say nothing, the project is
    mood2music and mode=auto is online when credentials are at hand, else offline. log_images:
    whether wandb also gets pictures of training data, those that the task shows with
    `examples(batch)`.
    """

    name: str = "csv"
    project: str | None = None
    entity: str | None = None
    group: str | None = None
    mode: str = "auto"
    log_images: bool = False

    def check(self) -> None:
        """Raise SettingsError for a value that no logger takes."""
        if self.name not in ("csv", "wandb"):
            raise SettingsError(f"logger.name={self.name}: expected csv or wandb")
        if self.mode not in MODES:
            raise SettingsError(f"logger.mode={self.mode}: expected one of {', '.join(MODES)}")
        if self.log_images and self.name != "wandb":
            raise SettingsError(f"logger.log_images: only logger=wandb does, found {self.name}")


@contextmanager
def opened(
    settings: LoggerSettings, folder: Path, config: Mapping[str, Any]
) -> Iterator[list[Logger]]:
    """Give the loggers of a run in `folder`; `config` is what wandb shows as the run's settings.

    The block is the whole run, the reading of its data too: what leaves it by an exception is
    "failed" in wandb. Raises SettingsError when wandb refuses.
    """
    settings.check()
    if (folder / "log").is_dir():  # of the run that is resumed; Lightning would empty it
        count = len(list(folder.glob("log*")))
        (folder / "log").rename(folder / f"log_{count}")
    loggers: list[Logger] = [CSVLogger(folder, name="log", version="", flush_logs_every_n_steps=20)]
    if settings.name != "wandb":
        yield loggers
        return
    import wandb

    run = _start(settings, folder, config)
    exit_code = 1
    try:
        yield [*loggers, WandbLogger(experiment=run)]
        exit_code = 0
    except KeyboardInterrupt:
        exit_code = STOPPED
        raise
    finally:
        # Without finish() the runs of a multirun merge into one.
        wandb.finish(exit_code=exit_code)


def summarise(loggers: Sequence[Logger], metrics: Mapping[str, float]) -> None:
    """Put the best epoch's figures into wandb's summary, where it keeps those logged last."""
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            logger.experiment.summary.update(dict(metrics))


def _start(settings: LoggerSettings, folder: Path, config: Mapping[str, Any]) -> Any:
    """Start wandb's run. Arguments of `init` win over its variables, so only those asked for."""
    import wandb

    own = wandb.setup().settings
    told = own.model_fields_set  # by a variable or a settings file
    mode: str | None = settings.mode
    if mode == "auto":
        # A WANDB_DISABLED that is true is told as a mode too.
        mode = None if "mode" in told else "online" if _has_account() else "offline"
    log.info("wandb logs %s", mode or own.mode)
    try:
        return wandb.init(
            project=settings.project or own.project or PROJECT,
            entity=settings.entity,
            group=settings.group,
            dir=None if "root_dir" in told else folder,
            mode=mode,  # type: ignore[arg-type]  # a plain str, checked above
            config=dict(config),
            reinit="finish_previous",
        )
    except wandb.Error as error:
        said = " ".join(str(error).split())
        raise SettingsError(f"logger=wandb: {said}; logger.mode=offline needs no server") from error


def _has_account() -> bool:
    """Whether wandb finds credentials, without asking for them or trying them."""
    import wandb

    return wandb.login(prompt=False, verify=False)
