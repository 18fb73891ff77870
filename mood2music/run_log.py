"""A training run's log opens before any data is read, and closes saying how the run ended."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import CSVLogger, Logger, WandbLogger

from mood2music.errors import SettingsError
from mood2music.training_settings import LoggerSettings

log = logging.getLogger(__name__)

PROJECT = "mood2music"
# What wandb itself ends a run with that Ctrl-C ended.
STOPPED = 255


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
