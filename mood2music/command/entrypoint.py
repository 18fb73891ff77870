"""Runs a command: Hydra composes, settings are checked, every failure ends in one line."""

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.command.failures import reason, status
from mood2music.command.interrupt import raising
from mood2music.command.streams import lost, make_patient
from mood2music.command.text import shortened, visible
from mood2music.files import CONFIGS
from mood2music.version import told as told_version

if TYPE_CHECKING:
    from omegaconf import DictConfig

PROGRAM = "mood2music"
# In the folder of a run that ended before its end: why, and what was written until then.
UNFINISHED = "unfinished.txt"
# New objects behind which Python looks for circles of dead ones. Its own 700 make it look through
# all that torch and music21 bring again and again while they are imported, which are kept anyway:
# 7 % of a command's processor time.
OBJECTS = 100_000


class _Failed(BaseException):
    """Carries a failure past Hydra, which would add lines of its own; its cause is the failure."""

    def __init__(self, said: str, code: int) -> None:
        super().__init__(said)
        self.code = code


def entrypoint(
    config_name: str,
    folder: Path = CONFIGS,
    conclude: Callable[[Path], None] | None = None,
) -> Callable[[Callable[["DictConfig"], Any]], Callable[[], None]]:
    """Wrap a task as `python -m mood2music.<config_name>`; `folder` holds its YAML and groups.

    What goes wrong ends as `answered` says, and in the run's folder as unfinished.txt. In a
    multirun the failure of a job is raised again, so that Hydra marks the job failed and the
    others go on; at the end `conclude` is handed the sweep's folder, and every failed job says its
    reason. With resume=auto a sweep goes on in the folder of the newest of the same words. `--help`
    prints the page that mood2music/command/manual.py makes of the YAML files, in place of Hydra's.
    """

    def wrap(task: Callable[["DictConfig"], Any]) -> Callable[[], None]:
        def run() -> None:
            with answered():
                if "--version" in sys.argv[1:]:
                    print(told_version())
                    return
                from mood2music.command.hints import hinted

                with hinted(config_name, folder):
                    _run(task, config_name, folder, conclude)

        run.__doc__ = task.__doc__
        return run

    return wrap


@contextmanager
def answered() -> Iterator[None]:
    """End what goes wrong within in one line on stderr, and a status: 1, or 130 after Ctrl-C.

    An exception that nobody expected too: the line says where its traceback is.
    """
    gc.set_threshold(OBJECTS)
    make_patient()
    _log_lines()
    try:
        with raising():
            yield
        if why := lost(sys.stdout):
            _end(f"standard output: {why}: not all that was printed is there", 1)
    except _Failed as failed:
        _end(str(failed), failed.code)
    except (Exception, KeyboardInterrupt) as error:
        _end(reason(error), status(error))


def _end(said: str, code: int) -> None:
    with suppress(KeyboardInterrupt):  # a second Ctrl-C
        print(f"error: {said}", file=sys.stderr, flush=True)
    sys.exit(code)


def _log_lines() -> None:
    """Let what this program logs be lines that can be printed: it tells names of foreign files."""
    made = logging.getLogRecordFactory()
    if getattr(made, "of", None) == __name__:
        return

    def make(name: str, *rest: Any, **more: Any) -> logging.LogRecord:
        record = made(name, *rest, **more)
        if name.partition(".")[0] == PROGRAM:
            record.msg, record.args = shortened(visible(record.getMessage())), None
        return record

    make.of = __name__  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make)


def _run(
    task: Callable[["DictConfig"], Any],
    config_name: str,
    folder: Path,
    conclude: Callable[[Path], None] | None,
) -> None:
    """Carry out a command line."""
    # Hydra takes a while to import, and Ctrl-C has an answer only in here.
    import hydra

    from mood2music.command.groups import shared_groups
    from mood2music.command.manual import page
    from mood2music.command.overrides import as_meant, is_override, is_sweep
    from mood2music.command.run_mode import composed_once
    from mood2music.command.sweep import Job, check_launcher, collected, goes_on, summary
    from mood2music.command.wishes import granted

    # With this Hydra hands its own refusals on instead of printing several lines of them.
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    sys.argv[1:] = words = as_meant(granted(sys.argv[1:], config_name, folder), folder)
    if {"--help", "-h"} & set(words):
        told = (task.__doc__ or "").partition("\n")[0]
        changes = [word for word in words if is_override(word) or word.startswith("~")]
        print(page(config_name, folder, told, changes))
        return
    sys.argv[1:] = goes_on(words, config_name)
    main: Callable[[], Any] = hydra.main(
        version_base="1.3", config_path=str(folder), config_name=config_name
    )(_guarded(task))
    if not is_sweep(words):
        with shared_groups(config_name, folder), composed_once(words):
            main()
        return
    check_launcher(words)
    jobs: list[Job] = []
    try:
        with shared_groups(config_name, folder), composed_once(words), collected() as jobs:
            main()
    except KeyboardInterrupt:
        print(*summary(jobs), sep="\n", file=sys.stderr)
        raise
    except Exception:
        # A failed job's own error, as far as Hydra tells: the summary has it and the others.
        if not summary(jobs):
            raise
    if conclude is not None and jobs and jobs[0].sweep:
        conclude(Path(jobs[0].sweep))
    if told_jobs := summary(jobs):
        raise _Failed("\n".join(told_jobs), 1)


def _guarded(task: Callable[["DictConfig"], Any]) -> Callable[["DictConfig"], Any]:
    """The task as Hydra calls it: its failure is put into the run's folder, and told."""

    def guarded(config: "DictConfig") -> Any:
        from hydra.core.hydra_config import HydraConfig
        from hydra.types import RunMode

        from mood2music.command.sweep import take_device, tell
        from mood2music.errors import Mood2MusicError

        run = HydraConfig.get()
        folder = Path(run.runtime.output_dir)
        own = None if folder.resolve() == Path.cwd() else folder
        if own is not None:
            with suppress(OSError):
                (own / UNFINISHED).unlink(missing_ok=True)
        if run.mode == RunMode.MULTIRUN:
            take_device()
        try:
            result = task(config)
        except (Exception, KeyboardInterrupt) as error:
            said = reason(error, own)
            if own is not None:
                _leave_word(own, said)
            if run.mode != RunMode.MULTIRUN:
                raise _Failed(said, status(error)) from error
            tell(run.job.num, run.overrides.task, said, run.sweep.dir)
            if isinstance(error, KeyboardInterrupt):
                raise
            # Of a class that every process knows, in place of one that may not be sent.
            raise Mood2MusicError(said) from error
        if run.mode == RunMode.MULTIRUN:
            tell(run.job.num, run.overrides.task, sweep=run.sweep.dir)
        return result

    return guarded


def _leave_word(folder: Path, said: str) -> None:
    """Say in the folder of a run that it is not whole, why, and what there is."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    there = [f"  {name}" for name in files if not name.startswith(".")]
    lines = [f"This run is not whole: {said}", "Written before:", *(there or ["  nothing"])]
    with suppress(OSError):
        text = "\n".join(lines) + "\n"
        (folder / UNFINISHED).write_text(text, encoding="utf-8", errors="backslashreplace")
