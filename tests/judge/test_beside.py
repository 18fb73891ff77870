"""A folder of written pieces beside one of real ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mood2music import registry
from mood2music.errors import DataError
from mood2music.judge import telling_apart
from mood2music.judge.beside import compare
from mood2music.music.write import write_midi
from mood2music.registry import register
from tests.judge.pieces import line, piece

TUNE = [60, 62, 64, 65, 67, 65, 64, 62]


@pytest.fixture(autouse=True)
def _small_forest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_apart, "TREES", 25)


def by_name(rows: list[Any], name: str) -> dict[str, Any]:
    return {row[name]: row for row in rows}


def write(folder: Path, count: int, again: bool) -> None:
    """Pieces of 32 events whose tune returns, or of notes drawn at random."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(count)
    for i in range(count):
        pitches = TUNE * 4 if again else rng.integers(48, 84, 32).tolist()
        write_midi(line(pitches), folder / f"{i}.mid")


def test_each_measure_stands_beside_the_real_ones(tmp_path: Path) -> None:
    write(tmp_path / "written", 3, again=False)
    write(tmp_path / "real", 2, again=True)
    (tmp_path / "real" / "bad.mid").write_bytes(b"")
    found = compare(tmp_path / "written", tmp_path / "real", 32, progress=False)
    rows = by_name(found.measures, "measure")
    returned = rows["motif_return"]
    assert returned["group"] == "all"
    assert (returned["pieces"], returned["real_pieces"]) == (3, 2)
    assert returned["real_mean"] == returned["real_low"] == 20 / 28
    assert 0 <= returned["low"] <= returned["mean"] <= returned["high"] < 0.1
    assert rows["one_voice"]["mean"] == 1
    assert rows["bar_likeness"]["mean"] < rows["bar_likeness"]["real_mean"]
    # Too few to tell apart, and of no known songs.
    assert found.told_apart == found.signs == found.own_songs == []
    assert list(found.bad) == ["beside: bad.mid"]


def test_only_as_many_events_are_measured_and_pieces_of_half_as_many_are_left_out(
    tmp_path: Path,
) -> None:
    write(tmp_path / "written", 2, again=True)
    write(tmp_path / "real", 2, again=True)
    write_midi(line(TUNE[:5]), tmp_path / "real" / "short.mid")
    found = compare(tmp_path / "written", tmp_path / "real", 12, progress=False)
    row = found.measures[0]
    assert row["mean"] == 0  # the tune has come back for four notes only
    assert row["real_pieces"] == 2
    with pytest.raises(DataError, match=r"pieces=.* has no piece of 50 events or more"):
        compare(tmp_path / "written", tmp_path / "real", 100, progress=False)


def test_folders_of_one_name_are_compared_with_each_other(tmp_path: Path) -> None:
    for style in ("jazz", "pop"):
        write(tmp_path / "written" / style, 5, again=False)
        write(tmp_path / "real" / style, 5, again=style == "jazz")
    write(tmp_path / "real" / "folk", 1, again=True)
    found = compare(tmp_path / "written", tmp_path / "real", 32, progress=False)
    assert {row["group"] for row in found.measures} == {"jazz", "pop"}
    aucs = {(row["group"], row["classifier"]): row["auc"] for row in found.told_apart}
    assert aucs["jazz", "random forest"] == 1
    assert {(row["pieces"], row["real_pieces"]) for row in found.told_apart} == {(5, 5)}
    # The very same pieces in both folders, as one source each.
    assert aucs["pop", "random forest"] <= 0.5
    assert {row["auc"] for row in found.signs[:2]} == {1}


def test_the_songs_of_pieces_are_told_of(tmp_path: Path) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    turn = [60, 64, 60, 65, 60, 67]
    write_midi(line(TUNE), tmp_path / "tune.mid")
    write_midi(line([*turn, *TUNE[:5]]), tmp_path / "turn.mid")
    write_midi(line([*TUNE, 50]), folder / "a.mid")
    write_midi(piece([(i, 1, p) for i, p in enumerate([*turn, 70])]), folder / "b.mid")
    (folder / "songs.csv").write_text("path,song\na.mid,../tune.mid\nb.mid,../turn.mid\n")
    write(tmp_path / "real", 1, again=True)
    found = compare(folder, tmp_path / "real", 7, progress=False)
    # Of 3 motifs each in the first 7 notes, 3 and 2 are in the own song, 1 and none in the other's.
    told = by_name(found.own_songs, "motifs")
    assert list(told) == ["intervals", "with rhythm"]
    assert told["intervals"]["own"] == pytest.approx((1 + 2 / 3) / 2)
    assert told["intervals"]["others"] == pytest.approx((1 / 3 + 0) / 2)
    assert told["intervals"]["ratio"] == pytest.approx(5)


def test_a_judge_of_a_plugin_is_compared_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True)
    class Lowest:
        lowest: int
        named: str

    registry.names("judge")
    monkeypatch.setitem(registry._choices, "judge", dict(registry._choices["judge"]))
    register("judge", "lowest", Lowest, lambda notes: Lowest(int(notes.pitch.min()), "low"))
    write(tmp_path / "real", 2, again=True)
    found = compare(tmp_path / "real", tmp_path / "real", 32, progress=False)
    rows = by_name(found.measures, "measure")
    assert rows["lowest"]["mean"] == rows["lowest"]["real_mean"] == 60
    assert "named" not in rows
