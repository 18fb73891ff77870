import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError, MusicFileError
from mood2music.music.meter import TimeSignature
from mood2music.store.event_store import Store, open_store
from mood2music.store.piece import to_piece
from tests.conftest import tune, write_notes


@pytest.fixture
def store(tmp_path: Path) -> Store:
    rows = [(f"{seed}.mid", f"{seed}" * 64, tune(seed)) for seed in range(3)]
    write_notes(tmp_path / "store", [*rows, ("b.mid", "", MusicFileError("why"))], 24, (4, 3))
    return open_store(tmp_path / "store")


def test_pieces_come_back_from_a_store(store: Store) -> None:
    assert [row.file for row in store.pieces] == ["0.mid", "1.mid", "2.mid"]
    for seed, row in enumerate(store.pieces):
        expected, found = to_piece(tune(seed), (4, 3)), store.piece(row)
        for name in ("tokens", "offsets", "durations", "levels"):
            assert np.array_equal(getattr(found, name), getattr(expected.events, name))
        for name in ("key", "shift", "tempo", "seconds", "notes", "drums"):
            assert getattr(row, name) == getattr(expected, name)
    assert store.faults == [("b.mid", "why")]
    assert store.about == {"format": 5, "grid": 24, "quantize": [4, 3]}


def test_the_place_in_the_bar_of_all_events_is_that_of_each_piece(tmp_path: Path) -> None:
    meters = [(), (TimeSignature(-48, 3, 4),), (TimeSignature(0, 6, 8), TimeSignature(100, 2, 4))]
    rows = [
        (f"{seed}.mid", f"{seed}" * 64, replace(tune(seed), meter=meter))
        for seed, meter in enumerate(meters)
    ]
    write_notes(tmp_path / "store", rows, 24, ())
    store = open_store(tmp_path / "store")
    assert [row.meter for row in store.pieces] == ["", "-48:3/4", "0:6/8 100:2/4"]
    pieces = [store.piece(row) for row in store.pieces]
    assert [piece.meter for piece in pieces] == meters
    found = [np.concatenate(a) for a in zip(*(p.bar_places() for p in pieces), strict=True)]
    for ours, theirs in zip(store.bar_places(), found, strict=True):
        assert np.array_equal(ours, theirs)
    assert store.bar_places()[0] is store.bar_places()[0]


def test_numpy_alone_opens_a_store(store: Store) -> None:
    """As the format says in store.py, in a process that has nothing of this project."""
    code = """
import csv, json, sys
import numpy as np
tokens, offsets, durations, levels = (
    np.load(f"{name}.npy", mmap_mode="r") for name in ("tokens", "offsets", "durations", "levels")
)
grid = json.load(open("store.json"))["grid"]
row = list(csv.DictReader(open("pieces.csv", newline="")))[1]
i = int(row["first"]) + 2
here = slice(offsets[i], offsets[i + 1])
pitches, held, quarters = tokens[here] % 128, tokens[here] >= 128, durations[i] / grid
print(pitches.tolist(), held.tolist(), levels[here].tolist(), quarters)
assert not any(name.startswith("mood2music") for name in sys.modules)
"""
    run = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", code],
        cwd=store.folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    events = to_piece(tune(1), (4, 3)).events
    chord = events.chord(2)
    assert run.stdout.split("\n")[0] == (
        f"{[t % 128 for t in chord]} {[t >= 128 for t in chord]} "
        f"{events[2:3].levels.tolist()} {events.durations[2] / 24}"
    )


def test_a_folder_that_is_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no event store"):
        open_store(tmp_path)


def test_arrays_that_do_not_fit_together_are_said(store: Store) -> None:
    np.save(store.folder / "levels.npy", np.zeros(3, np.uint8))
    with pytest.raises(DataError, match="differ in length"):
        open_store(store.folder)


def test_a_store_of_another_format_is_said(store: Store) -> None:
    about = store.folder / "store.json"
    about.write_text(about.read_text().replace('"format": 5', '"format": 1'))
    with pytest.raises(DataError, match="format 1, expected 5"):
        open_store(store.folder)


def test_a_failing_write_leaves_nothing(tmp_path: Path) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        yield "a", "1", tune(0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_notes(tmp_path / "store", pieces(), 24, (4, 3))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_a_day_ago_goes(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / f".store.{name}").mkdir()
    long_ago = time.time() - 2 * 86400
    os.utime(tmp_path / ".store.old", (long_ago, long_ago))
    write_notes(tmp_path / "store", [("a", "1", tune(0))], 24, (4, 3))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".store.new", "store"]


def test_the_store_of_a_faster_process_stays(tmp_path: Path) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        write_notes(tmp_path / "store", [("faster", "1", tune(0))], 24, (4, 3))
        yield "slower", "1", tune(0)

    write_notes(tmp_path / "store", pieces(), 24, (4, 3))
    assert [row.file for row in open_store(tmp_path / "store").pieces] == ["faster"]
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_what_is_no_store_in_its_place_gives_way(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "store.json").write_text("{}")
    write_notes(tmp_path / "store", [("a", "1", tune(0))], 24, (4, 3))
    assert len(open_store(tmp_path / "store").pieces) == 1


def test_faults_alone_make_an_empty_store(tmp_path: Path) -> None:
    write_notes(tmp_path / "store", [("a", "", MusicFileError("why"))], 24, (4, 3))
    assert open_store(tmp_path / "store").faults == [("a", "why")]


def test_the_fingerprint_follows_the_contents_and_not_their_names(tmp_path: Path) -> None:
    def written(name: str, file: str, sha256: str, divisors: tuple[int, ...] = (4, 3)) -> str:
        write_notes(tmp_path / name, [(file, sha256, tune(0))], 24, divisors)
        return open_store(tmp_path / name).fingerprint

    assert written("1", "a", "1") == written("2", "b", "1")
    assert written("1", "a", "1") != written("3", "a", "2")
    assert written("1", "a", "1") != written("4", "a", "1", ())
