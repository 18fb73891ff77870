"""Gives the network that writes: the base with its styles, learnt first where music is given."""

from pathlib import Path
from typing import TYPE_CHECKING

from mood2music.errors import SettingsError
from mood2music.flow.photo import Report
from mood2music.flow.writing import Progress

if TYPE_CHECKING:
    from mood2music.judge.trained_on import TrainedOn
    from mood2music.style.networks import StyledNetwork
    from mood2music.style.settings import StyleSettings


def with_own_style(
    model: str, style: "StyleSettings", report: Report, progress: Progress | None = None
) -> "StyleSettings":
    """Learn the style of the music that `style.from` names, where it names any, and put it there.

    What was learnt once is found again. Its file is written to style.save too.
    """
    if style.source is None:
        return style
    from mood2music.style.learning import Learning
    from mood2music.style.own import keep, learn_style
    from mood2music.style.shipped import locate

    learning = Learning(rehearsal=style.rehearsal, minutes=style.minutes)
    learnt = learn_style(style.source, locate(model), learning, progress, report)
    report(f"style  {style.own_name} {learnt}")
    if style.save is not None:
        keep(learnt, Path(style.save).expanduser())
    return style.with_own(learnt.path)


def load_network(model: str, style: "StyleSettings", report: Report) -> "StyledNetwork":
    """Load the base and blend the styles into it."""
    from mood2music.style.networks import load_styled

    styled = load_styled(model, style)
    mix = ", ".join(f"{name} {s:g}" for name, s in styled.strengths().items())
    report(f"style  {mix or 'none'} ({styled.base.stem}, {style.method})")
    return styled


def find_training(styled: "StyledNetwork", index: str | None) -> "TrainedOn":
    """Find the index of what the base and its styles were trained on, or why there is none."""
    from mood2music.generator.score import seen
    from mood2music.judge.trained_on import find_index
    from mood2music.learn.checkpoint import read_header

    styles = [path for path, strength in styled.styles.values() if strength]
    headers = [styled.header, *(read_header(path) for path in styles)]
    names = {name for header in headers for name in seen(header)}
    files = [styled.base, *styles]
    return find_index(index, files, names, styled.grid, styled.divisors)


def check_metric(metric: str | None, trained_on: "TrainedOn") -> None:
    """Raise SettingsError for a figure that needs an index of the training pieces, without one."""
    if metric in ("novelty", "longest_run", "song_run") and trained_on.index is None:
        raise SettingsError(f"metric={metric} has nothing to be measured by: {trained_on.reason}")
