"""Keeps what can be chosen by name: for each kind its names, their settings, and what builds them.

A choice is registered where it stands, and found by name:

    @register("encoder", "gru", GRUSettings)
    class GRU(Encoder): ...

    find("encoder", "gru").build(GRUSettings(hidden=64))

The package's own register their settings alone and say in words where the rest is
(`build="mood2music.generator.lstm:LSTM"`), so that listing names and checking settings loads no
torch. Others come from plug-ins: installed packages with an entry point of the group `mood2music`,
and modules that the user names, `plugins=[my_module]`. A file never names one: what a checkpoint
says is looked up among the registered names, and nothing is imported for it.
"""

import difflib
import importlib
import importlib.metadata
import pkgutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from mood2music.errors import SettingsError

T = TypeVar("T")

# The group of a plug-in's entry points.
GROUP = "mood2music"
# For each kind, the modules that register the package's own choices, or a folder of such modules;
# none of them loads torch.
KINDS: dict[str, tuple[str, ...]] = {
    "encoder": ("mood2music.generator.settings",),
    "representation": ("mood2music.generator.settings",),
    "optimizer": ("mood2music.learn.optimizer_settings",),
    "schedule": ("mood2music.learn.optimizer_settings",),
    "backbone": ("mood2music.face.network.settings",),
    "face_data": ("mood2music.face.dataset.sets",),
    "music_data": ("mood2music.generator.data_settings",),
    "axes_loss": ("mood2music.face.network.settings",),
    "detector": ("mood2music.face.picture.detectors",),
    "blend": ("mood2music.style.settings",),
    "callback": ("mood2music.learn.callback_settings",),
    "catalog": ("mood2music.catalog.open",),
    "logger": ("mood2music.learn.settings",),
    "guard": (),  # the package's own have settings of the sampler
    "judge": ("mood2music.judge.judges",),
    "mood_judge": ("mood2music.judge.judges",),
    "score": ("mood2music.render.score",),
    "sound": ("mood2music.render.sound",),
}

# The option that names a choice of the kind; of kinds that all run, options of who runs them.
OPTIONS: dict[str, tuple[str, ...]] = {
    "encoder": ("model.name",),
    "representation": ("model.representation",),
    "optimizer": ("optimizer.name",),
    "schedule": ("optimizer.schedule",),
    "backbone": ("model.name",),
    "face_data": ("data.name",),
    "music_data": ("data.name",),
    "axes_loss": ("model.loss",),
    "detector": ("face.detector",),
    "blend": ("style.method",),
    "callback": ("optimizer.schedule", "callbacks"),
    "catalog": ("catalog.name",),
    "logger": ("logger.name",),
    "guard": ("sampler.guards",),
    "judge": ("pieces", "novelty.index"),
    "mood_judge": ("model.mood",),
    "score": ("render.score",),
    "sound": ("render.sound",),
}


@dataclass(frozen=True)
class Choice:
    """One name of a kind.

    settings: its dataclass, None without; target: what builds it, or "module:attribute" where that
    is; origin: the module that registered it.
    """

    kind: str
    name: str
    settings: Any
    target: Any
    origin: str

    @property
    def build(self) -> Any:
        """What builds it: a class or function, imported now where it has not been."""
        if not isinstance(self.target, str):
            return self.target
        module, _, attribute = self.target.partition(":")
        return getattr(importlib.import_module(module), attribute)


_choices: dict[str, dict[str, Choice]] = {}
_asked: set[str] = set()  # entry points that were imported already


def register(kind: str, name: str, settings: Any = None, build: Any = None) -> Callable[[T], T]:
    """Register what is decorated as the choice `name` of `kind`.

    settings, build: the other half. Behind `settings` the decorated class or function builds;
    behind `build`, also as "module:attribute", it is the settings. With both nothing needs to be
    decorated: `register(...)` alone will do. Raises SettingsError where the name is another's.
    """
    if kind not in KINDS:
        raise SettingsError(f"there is no kind {kind} to register {name} as, {near(kind, KINDS)}")
    origin = str(sys._getframe(1).f_globals["__name__"])

    def add(decorated: T) -> T:
        first, second = (settings, decorated) if build is None else (decorated, build)
        _add(Choice(kind, name, first, second, origin))
        return decorated

    if settings is not None and build is not None:
        _add(Choice(kind, name, settings, build, origin))
    return add


def find(kind: str, name: str, place: str, hint: str = "") -> Choice:
    """Give the choice of a name.

    Raises SettingsError that names the nearest where nobody has registered it; place: what the
    user types before the name, "model.name"; hint: a sentence more.
    """
    found = get(kind, name)
    if found is None:
        known = list(_choices[kind])
        close = near(str(name), known)
        meant = f"{close} " if close.startswith("did") else ""
        raise SettingsError(
            f"{place}={_shown(name)}: {meant}expected one of {', '.join(known)}{hint}"
        )
    return found


def get(kind: str, name: str) -> Choice | None:
    """Give the choice of a name, None where nobody has registered it."""
    _load_own(kind)
    if name not in _choices[kind]:
        load_entry_points()
    return _choices[kind].get(name)


def names(kind: str) -> list[str]:
    """All names of a kind, the package's own first, those of plug-ins behind them."""
    _load_own(kind)
    load_entry_points()
    return list(_choices[kind])


def load_entry_points() -> None:
    """Import each installed plug-in once. Raises SettingsError, one line, for one that fails."""
    for point in _entry_points(tuple(sys.path)):
        if point.value not in _asked:
            _asked.add(point.value)
            _import(point.module, f"the installed plug-in {point.name} ({point.value})")


@lru_cache(maxsize=1)
def _entry_points(path: tuple[str, ...]) -> tuple[importlib.metadata.EntryPoint, ...]:
    """Look for installed plug-ins, anew only where `path`, Python's, is another.

    It reads a file of every installed package, and a piece that is written asks thirty times.
    """
    return tuple(importlib.metadata.entry_points(group=GROUP))


def load_plugins(modules: Iterable[str]) -> None:
    """Import the modules that a user names, also those in the folder that he stands in.

    Raises SettingsError, one line, for one that is not there or fails.
    """
    for module in modules:
        here = str(Path.cwd())
        if here not in sys.path and "" not in sys.path:
            sys.path.append(here)  # as `python -m` has it; the commands' own scripts do not
        _import(str(module), f"plugins=[{module}]")


def near(name: str, known: Iterable[str]) -> str:
    """Say which names were perhaps meant, as they begin or are spelt alike, or which there are."""
    by_folded = {other.casefold(): other for other in known}
    folded = name.casefold()
    begun = [other for other in by_folded if len(folded) >= 3 and other.startswith(folded)]
    alike = difflib.get_close_matches(folded, list(by_folded), 3, 0.6)
    close = list(dict.fromkeys([*begun, *alike]))[:3]
    if close:
        return f"did you mean {' or '.join(by_folded[other] for other in close)}?"
    return f"expected {', '.join(by_folded.values())}"


def _load_own(kind: str) -> None:
    _choices.setdefault(kind, {})
    for name in KINDS[kind]:
        module = importlib.import_module(name)
        for inside in pkgutil.iter_modules(getattr(module, "__path__", ())):
            importlib.import_module(f"{name}.{inside.name}")


def _add(choice: Choice) -> None:
    known = _choices.setdefault(choice.kind, {})
    before = known.get(choice.name)
    # A module that is imported anew registers the same again.
    if before is not None and before.origin != choice.origin:
        raise SettingsError(
            f"{choice.kind} {choice.name} is registered twice: by {before.origin} and "
            f"{choice.origin}"
        )
    known[choice.name] = choice


def _import(module: str, said: str) -> None:
    try:
        importlib.import_module(module)
    except SettingsError as error:  # of a name that is another's
        raise SettingsError(f"{said}: {error}") from error
    except ModuleNotFoundError as error:
        if error.name and (module == error.name or module.startswith(f"{error.name}.")):
            raise SettingsError(
                f"{said}: there is no such module; it lies in the folder you stand in, or is "
                "installed"
            ) from error
        raise SettingsError(f"{said} fails: {error}") from error
    # A plug-in is foreign code, which raises what it likes.
    except (Exception, SystemExit) as error:
        text = " ".join(str(error).split())
        raise SettingsError(f"{said} fails: {type(error).__name__}: {text}") from error


def _shown(value: Any) -> str:
    text = "null" if value is None else str(value)
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= 60 else f"{text[:59]}…"
