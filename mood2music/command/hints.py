"""Answers a name that no option has with the nearest ones that there are."""

import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hydra.errors import HydraException

from mood2music.command.groups import choices, group_folder
from mood2music.command.option_names import names, options_of
from mood2music.errors import SettingsError

# By how much less like a name than the nearest option another one may be that is offered too.
BESIDE = 0.15
# Names that are not there, and what is meant by them.
MEANT = {
    "temperature": "sampler.temperature",
    "bpm": "tempo",
    "speed": "tempo",
    "scale": "key",
    "tonality": "key",
    "transpose": "key",
    "emotion": "mood",
    "feeling": "mood",
    "genre": "style",
    "artist": "composer",
    "title": "song",
    "image": "photo",
    "picture": "photo",
    "face": "photo",
    "file": "midi",
    "music": "midi",
    "duration": "length",
    "seconds": "length",
    "events": "length",
    "notes": "length",
    "variants": "n",
    "count": "n",
    "voices": "polyphony",
    "form": "structure",
    "strength": "style.strength",
    "mix": "style.mix",
    "network": "model",
    "soundfont": "render.soundfont",
    "sound": "render.sound",
    "format": "render.score",
    "score": "render.score",
    "output": "out",
    "folder": "out",
    "epochs": "trainer.epochs",
    "steps": "trainer.limit_train_batches",
    "lr": "optimizer.lr",
    "batch_size": "data.batch_size",
    "root": "data.root",
}
# Names of what a piece has from its song, and no option sets.
METERS = ("meter", "metre", "time_signature")


@contextmanager
def hinted(config_name: str, folder: Path) -> Iterator[None]:
    """Answer Hydra's refusal of a name with the nearest names, or of flags: a SettingsError."""
    try:
        yield
    except ValueError as error:
        if not str(error).startswith("Only one of --run"):
            raise
        raise SettingsError(
            "two flags that say what to do: expected one of -m, -c job, --info and -sc; -c prints "
            "the settings of one run"
        ) from error
    except HydraException as error:
        unknown = re.search(r"Could not override '([^']+)'", str(error))
        if unknown is None:
            raise
        name = unknown[1]
        raise SettingsError(
            f"{name}: There is no such setting{_meant(name, config_name, folder)} --help lists all"
        ) from error


def _meant(name: str, config_name: str, folder: Path) -> str:
    known = [*names(config_name, folder), "out"]
    if name in METERS and "song" in known:
        return ": a piece has the meter of its song, choose that by song= or midi=;"
    group = name.partition(".")[0]
    there = choices(group_folder(folder, group)) if name in known else []
    if having := [choice for choice in there if name in options_of(folder, group, choice)]:
        return f" here, {group}={' or '.join(having[:4])} has it:"
    last = name.rpartition(".")[2].casefold()
    close = [option for option in (MEANT.get(last),) if option in known]
    close += [option for option in known if option.rpartition(".")[2] == last]
    by_end = {option.rpartition(".")[2]: option for option in reversed(known)}
    alike = difflib.get_close_matches(name.casefold(), known, 2, 0.7)
    alike += [by_end[end] for end in difflib.get_close_matches(last, list(by_end), 2, 0.7)]
    some = list(dict.fromkeys([*close, *_nearest(alike, last)]))[:3]
    return f", did you mean {' or '.join(some)}?" if some else ":"


def _nearest(options: list[str], last: str) -> list[str]:
    """Those whose last part is about as near to a name as that of the nearest one."""

    def likeness(option: str) -> float:
        return difflib.SequenceMatcher(None, last, option.rpartition(".")[2]).ratio()

    best = max(map(likeness, options), default=0.0)
    return [option for option in options if likeness(option) > best - BESIDE]
