"""Where the index of a network's training pieces is found."""

from pathlib import Path

import pytest

from mood2music.errors import CheckpointError, SettingsError
from mood2music.files import checksum
from mood2music.judge.novelty import longest_run
from mood2music.judge.trained_on import find_index, read_index
from mood2music.judge.training_index import (
    FILE,
    save_index,
)
from tests.judge.random_pieces import DIVISORS, GRID, index_of, random_events


def test_indexes_beside_the_weights_are_found_and_joined(tmp_path: Path) -> None:
    base, style, names = tmp_path / "base", tmp_path / "style", {f"{i:016x}" for i in range(5)}
    pieces = [random_events(seed, 50) for seed in range(4)]
    for folder, start in ((base, 0), (style, 2)):
        folder.mkdir()
        save_index(folder / FILE, index_of(*pieces[start : start + 2], start=start))
    weights = [base / "best.safetensors", style / "best.safetensors"]
    found = find_index(None, weights, names, GRID, DIVISORS)
    assert found.index is not None
    assert [path.parent.name for path in found.files] == ["base", "style"]
    assert found.missing == 1
    run = longest_run(pieces[3], found.index)
    assert run is not None
    assert (run.events, run.file) == (50, "folder/3.mid")
    assert find_index(None, weights[:1], names, GRID, DIVISORS).missing == 3


def test_without_an_index_the_reason_is_told(tmp_path: Path) -> None:
    weights = [tmp_path / "mine.safetensors"]
    unlisted = find_index(None, weights, set(), GRID, DIVISORS)
    assert unlisted.index is None
    assert "does not list what it was trained on" in unlisted.as_dict()["reason"]
    unknown = find_index(None, weights, {"no such piece"}, GRID, DIVISORS)
    assert unknown.index is None
    assert "no index of the 1 training pieces of mine.safetensors" in unknown.as_dict()["reason"]
    save_index(tmp_path / FILE, index_of(random_events(0, 50)))
    assert find_index(None, weights, {f"{0:016x}"}, GRID, DIVISORS).index is not None
    assert find_index(None, weights, {f"{0:016x}"}, 12, DIVISORS).index is None
    with pytest.raises(SettingsError, match=r"novelty\.index=.*grid 24.*with 12"):
        find_index(str(tmp_path / FILE), weights, set(), 12, DIVISORS)


def test_an_index_that_is_named_is_told_with_its_checksum(tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    save_index(path, index_of(random_events(0, 50), random_events(1, 40)))
    names = {f"{0:016x}", f"{7:016x}", f"{8:016x}"}
    found = find_index(str(path), [tmp_path / "w.safetensors"], names, GRID, DIVISORS)
    assert found.as_dict() == {
        "index": [{"name": "own.safetensors", "sha256": checksum(path)}],
        "pieces": 2,
        "not_indexed": 2,
    }
    with pytest.raises(SettingsError) as refused:
        find_index(str(path), [tmp_path / "w.safetensors"], names, GRID, [4])
    assert str(refused.value).startswith(
        f"novelty.index={path} holds music read with grid 24, quantize [4, 3], the network with "
        "24, [4]: build it for this network, "
    )


def test_a_file_is_unpacked_once_and_anew_when_it_is_another(tmp_path: Path) -> None:
    path = tmp_path / FILE
    save_index(path, index_of(random_events(0, 50)))
    first = read_index(path)
    assert read_index(path) is first
    assert read_index(tmp_path / "." / FILE) is first
    save_index(path, index_of(random_events(0, 50), random_events(1, 40)))
    assert len(read_index(path).pieces) == 2
    path.unlink()
    with pytest.raises(CheckpointError, match="no checkpoint at"):
        read_index(path)


def test_a_damaged_index_beside_the_weights_is_the_reason(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no index")
    found = find_index(None, [tmp_path / "w.safetensors"], {"no such piece"}, GRID, DIVISORS)
    assert found.index is None
    assert found.reason.startswith(f"{tmp_path / FILE} is not a mood2music checkpoint")
