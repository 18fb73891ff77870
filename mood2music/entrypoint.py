"""The one way in: Hydra composes, settings are checked, expected failures end in one line."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException

from mood2music.errors import Mood2MusicError
from mood2music.manual import page
from mood2music.overrides import as_meant, is_override
from mood2music.paths import CONFIGS


def entrypoint(
    config_name: str, folder: Path = CONFIGS
) -> Callable[[Callable[[DictConfig], Any]], Callable[[], None]]:
    """Wrap a task as `python -m mood2music.<config_name>`; `folder` holds its YAML and groups.

    A Mood2MusicError ends in one line on stderr and exit code 1. In a multirun it is raised
    again, so that Hydra marks this job failed and the others go on. `--help` prints the page that
    mood2music/manual.py makes of the YAML files, in place of Hydra's.
    """

    def wrap(task: Callable[[DictConfig], Any]) -> Callable[[], None]:
        def guarded(config: DictConfig) -> Any:
            try:
                return task(config)
            except Mood2MusicError as error:
                if HydraConfig.get().mode == RunMode.MULTIRUN:
                    raise
                print(f"error: {error}", file=sys.stderr)
                sys.exit(1)

        main: Callable[[], Any] = hydra.main(
            version_base="1.3", config_path=str(folder), config_name=config_name
        )(guarded)

        def run() -> None:
            # With this Hydra hands its own refusals on instead of printing several lines of them.
            os.environ.setdefault("HYDRA_FULL_ERROR", "1")
            try:
                sys.argv[1:] = as_meant(sys.argv[1:], folder)
                if {"--help", "-h"} & set(sys.argv[1:]):
                    print(page(config_name, folder, _summary(task), _overrides(sys.argv[1:])))
                else:
                    main()
            except (Mood2MusicError, HydraException, OmegaConfBaseException) as error:
                print(f"error: {_one_line(str(error))}", file=sys.stderr)
                sys.exit(1)

        run.__doc__ = task.__doc__
        return run

    return wrap


def _summary(task: Callable[[DictConfig], Any]) -> str:
    return (task.__doc__ or "").partition("\n")[0]


def _overrides(words: list[str]) -> list[str]:
    """Those words of a command line that change the config; Hydra's own flags begin with -."""
    return [word for word in words if word.startswith("~") or is_override(word)]


def _one_line(text: str) -> str:
    """What Hydra or this program refused, without Hydra's search paths and its advice to add."""
    said = " ".join(text.split("Config search path")[0].split("To append")[0].split())
    hint = " There is no such setting: --help lists all." if "Could not override" in said else ""
    return said + hint
