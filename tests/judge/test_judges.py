"""judges.py: what judges tell of a piece, those of a plug-in too."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from mood2music import registry
from mood2music.errors import SettingsError
from mood2music.flow import manifest
from mood2music.judge.judges import columns, figures, flat, judged
from mood2music.judge.statistics import statistics
from mood2music.music.notes import Notes
from mood2music.registry import register
from tests.conftest import tune


@pytest.fixture(autouse=True)
def own_copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    registry.names("judge")
    monkeypatch.setitem(registry._choices, "judge", dict(registry._choices["judge"]))
    return


@dataclass(frozen=True)
class Leaps:
    """leap: mean semitones from a note to the next; widest: its name."""

    leap: float
    widest: str


def leaps(notes: Notes) -> Leaps:
    steps = np.abs(np.diff(notes.pitch.astype(int)))
    return Leaps(float(steps.mean()), f"{steps.max()} semitones")


def test_the_packages_own_tell_what_they_told_alone() -> None:
    told = judged(tune(1))
    assert list(told) == ["statistics", "measures", "mood", "style"]
    assert told["statistics"] == statistics(tune(1))
    assert list(flat(told)) == columns()
    assert columns(foreign=True) == []
    assert set(columns()) - set(figures()) == {"key"}


def test_a_judge_of_a_plugin_measures_and_its_numbers_are_figures() -> None:
    register("judge", "leaps", Leaps, leaps)
    assert columns(foreign=True) == ["leap", "widest"]
    assert manifest.figures()[-1] == "leap"
    row = flat(judged(tune(1)))
    assert row["leap"] == pytest.approx(np.abs(np.diff(tune(1).pitch.astype(int))).mean())
    assert row["widest"].endswith("semitones")


def test_a_name_that_is_told_already_is_refused() -> None:
    register("judge", "leaps", Leaps, leaps)
    register("judge", "jumps", Leaps, leaps)
    with pytest.raises(SettingsError, match="the judges leaps and jumps both tell leap"):
        figures()


def test_a_judge_called_as_a_part_of_run_json_is_refused() -> None:
    register("judge", "novelty", Leaps, leaps)
    with pytest.raises(SettingsError, match=r"tells novelty, which run\.json has already"):
        manifest.figures()
