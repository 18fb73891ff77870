"""A run's log opens before any data is read, and closes saying how the run ended."""

import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.command.running import Running, first_process
from mood2music.errors import SettingsError
from mood2music.learn.settings import LoggerSettings, LoggerTraits
from mood2music.registry import Choice, find

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from lightning.pytorch.loggers import Logger

log = logging.getLogger(__name__)

PROJECT = "mood2music"
# What wandb itself ends a run with that Ctrl-C ended.
STOPPED = 255
# What Lightning counts optimizer steps under.
STEP = "trainer/global_step"
# Files that are heard; others that are told are pictures.
SOUNDS = (".wav", ".mp3", ".ogg", ".flac")


@dataclass(frozen=True)
class RunLog:
    """Where a run is told of.

    folder: the run's; wandb: its run there, None without; other: makes the logger of Lightning
    that is asked for besides, None where there is none.
    """

    folder: Path
    wandb: Any = None
    other: "Callable[[], Logger | None] | None" = None

    def loggers(self) -> "list[Logger]":
        """What Lightning logs to."""
        if not first_process():
            return []
        # Takes seconds, which a run whose data is missing need not wait for.
        from lightning.pytorch.loggers import CSVLogger, WandbLogger

        # An earlier run's in the same folder, which Lightning would empty.
        if (self.folder / "log").is_dir():
            count = len(list(self.folder.glob("log*")))
            (self.folder / "log").rename(self.folder / f"log_{count}")
        table = CSVLogger(self.folder, name="log", version="", flush_logs_every_n_steps=20)
        if self.wandb is not None:
            return [table, WandbLogger(experiment=self.wandb)]
        other = self.other() if self.other else None
        return [table] if other is None else [table, other]

    @property
    def id(self) -> str | None:
        """Its run's id at wandb, by which a resumed run goes on there; None without wandb."""
        return None if self.wandb is None else str(self.wandb.id)

    def summarise(self, metrics: Mapping[str, float]) -> None:
        """Put the best epoch's figures into wandb's summary, where it keeps those logged last."""
        if self.wandb is not None:
            self.wandb.summary.update(dict(metrics))

    def show(self, name: str, picture: "npt.NDArray[np.uint8]") -> None:
        """Show wandb a picture."""
        if self.wandb is not None:
            import wandb

            self.wandb.log({name: [wandb.Image(picture)]})

    def tell(self, values: Mapping[str, Any]) -> None:
        """Show wandb values by name: numbers, pictures and sounds by their paths, rows of a table.

        Rows are mappings of equal keys, their cells again such values.
        """
        if self.wandb is not None:
            self.wandb.log({name: _as_media(value) for name, value in values.items()})

    def keep_files(self, name: str, kind: str, files: Sequence[Path]) -> None:
        """Give wandb files as the artifact "NAME-ID" of a kind."""
        if self.wandb is not None:
            import wandb

            artifact = wandb.Artifact(f"{name}-{self.id}", type=kind)
            for file in files:
                artifact.add_file(str(file))
            self.wandb.log_artifact(artifact)

    def keep(self, weights: Path) -> None:
        """Give wandb a file of weights, as the artifact "weights-ID" with the alias "best"."""
        if self.wandb is not None:
            name = f"weights-{self.id}"
            self.wandb.log_artifact(weights, name=name, type="model", aliases=["best"])


def _as_media(value: Any) -> Any:
    """What wandb shows of a value; other values as they are."""
    import wandb

    if isinstance(value, Path):
        media = wandb.Audio if value.suffix in SOUNDS else wandb.Image
        return media(str(value))
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        columns = list(value[0])
        rows: list[Iterable[Any]] = [[_as_media(row[name]) for name in columns] for row in value]
        # Of a run that failed there is a reason where others have a figure.
        return wandb.Table(columns, rows, allow_mixed_types=True)
    return value


@contextmanager
def opened(
    settings: LoggerSettings,
    folder: Path,
    config: Mapping[str, Any],
    job: Running | None = None,
    earlier: str | None = None,
    private: bool = False,
) -> Iterator[RunLog]:
    """Open the log of a run in `folder`; `config` is what wandb shows as the run's settings.

    job: of any command; it names the run where neither the settings nor wandb's variables do.
    earlier: the id at wandb of the run that this one goes on with. private: tell wandb nothing of
    the command line, whose words may be paths and passwords, nor of the machine.

    The block is the whole run, the reading of its data too: what leaves it by an exception is
    "failed" in wandb. Raises SettingsError when wandb refuses, for a logger whose package is not
    installed and for one that tells nothing of such a command.
    """
    settings.check()
    choice = find("logger", settings.name, "logger.name")
    check_logger(choice, "train" if job is None else job.command)
    if settings.name != "wandb" or not first_process():
        yield RunLog(folder, None, lambda: _other(choice, settings, folder, config, job))
        return
    import wandb

    hooks = sys.exit, sys.excepthook  # wandb puts its own there, and leaves them
    run = _start(settings, folder, config, job, earlier, private)
    exit_code = 1
    try:
        yield RunLog(folder, run)
        exit_code = 0
    except KeyboardInterrupt:
        exit_code = STOPPED
        raise
    finally:
        # Without finish() the runs of a multirun merge into one.
        wandb.finish(exit_code=exit_code)
        sys.exit, sys.excepthook = hooks


def check_logger(choice: Choice, command: str) -> None:
    """Raise SettingsError where a logger's package is missing or it tells nothing of a command."""
    traits: LoggerTraits = choice.settings or LoggerTraits()
    if command not in traits.commands:
        raise SettingsError(
            f"logger={choice.name} tells of {' and '.join(traits.commands)} alone, not of "
            f"{command}: take logger=csv or wandb"
        )
    if traits.package is not None and find_spec(traits.package) is None:
        raise SettingsError(f"logger={choice.name} needs {traits.package}: {traits.hint}")


def _other(
    choice: Choice,
    settings: LoggerSettings,
    folder: Path,
    config: Mapping[str, Any],
    job: Running | None,
) -> "Logger | None":
    """The logger that is registered under the settings' name, told what the run was asked."""
    logger: Logger | None = choice.build(settings, folder, job.name if job else folder.name)
    if logger is not None:
        logger.log_hyperparams(dict(config))
    return logger


def _said(error: Exception) -> str:
    """What a fault says, in a line; of a setting of wandb's, a WANDB_ variable, which and why."""
    if not hasattr(error, "errors"):
        return " ".join(str(error).split())
    return "; ".join(
        f"WANDB_{'.'.join(map(str, one['loc'])).upper()}={one['input']}: "
        f"{one['msg'].replace('Input should be', 'expected')}"
        for one in error.errors()
    )


def _start(
    settings: LoggerSettings,
    folder: Path,
    config: Mapping[str, Any],
    job: Running | None,
    earlier: str | None,
    private: bool,
) -> Any:
    """Start wandb's run. Arguments of `init` win over its variables, so only those asked for."""
    import wandb

    try:
        own = wandb.setup().settings
        told = own.model_fields_set  # by a variable or a settings file
        mode: str | None = settings.mode
        if mode == "auto":
            mode = None if "mode" in told else "online" if _has_account() else "offline"
        log.info("wandb logs %s", mode or own.mode)
        folder.mkdir(parents=True, exist_ok=True)  # else wandb takes a temporary one
        of_job = {} if job is None else {
            field: value
            for field, value in (
                ("run_name", job.name), ("run_group", job.group), ("run_job_type", job.command),
            )
            if field not in told
        }  # fmt: skip
        goes_on = earlier is not None and "run_id" not in told
        run = wandb.init(
            project=settings.project or own.project or PROJECT,
            entity=settings.entity,
            name=settings.run or of_job.get("run_name"),
            group=settings.group or of_job.get("run_group"),
            job_type=settings.job_type or of_job.get("run_job_type"),
            tags=settings.tags or None,
            notes=settings.notes,
            id=earlier if goes_on else None,
            resume="allow" if goes_on else None,
            dir=None if "root_dir" in told else folder,
            mode=mode,  # type: ignore[arg-type]  # a plain str, checked above
            config=dict(config),
            reinit="finish_previous",
            settings=wandb.Settings(x_disable_meta=True) if private else None,
        )
        if job is None or job.command == "train":
            # Curves by optimizer step. The summary is of the best epoch, which `summarise` knows,
            # and not of the last. No "*" beside: which of two patterns counts would be chance.
            run.define_metric(STEP, hidden=True)
            run.define_metric("train/*", step_metric=STEP, step_sync=True)
            run.define_metric("val/*", step_metric=STEP, step_sync=True, summary="none")
    except (wandb.Error, ValueError) as error:  # the second is of its settings
        said = _said(error)
        raise SettingsError(f"logger=wandb: {said}; logger.mode=offline needs no server") from error
    return run


def _has_account() -> bool:
    """Whether wandb finds credentials, without asking for them or trying them."""
    import wandb

    return wandb.login(prompt=False, verify=False)
