import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError, SettingsError
from mood2music.music.events import to_events
from mood2music.music.write import write_midi
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from tests.conftest import tune

RUN = """
import sys
from mood2music.store.prepare import MusicSourceSettings, prepare
store = prepare(MusicSourceSettings(name="midi", root=sys.argv[1], jobs=1), progress=False)
print(store.fingerprint)
"""


def midi(root: Path, **changed: object) -> MusicSourceSettings:
    return MusicSourceSettings(name="midi", root=str(root), jobs=1, **changed)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("many")
    for seed in range(200):
        write_midi(tune(seed, 8), root / f"{seed:03}.mid")
    return root


def started(root: Path, cache: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(root)],
        env={**os.environ, "MOOD2MUSIC_CACHE": str(cache)},
        stdout=subprocess.PIPE,
        text=True,
    )


def read_so_far(cache: Path) -> int:
    for path in cache.glob("pieces/*.sqlite"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            try:
                return int(db.execute("SELECT count(*) FROM pieces").fetchone()[0])
            except sqlite3.OperationalError:  # its tables are not there yet
                return 0
    return 0


def killed_when(reached: Callable[[], object], run: subprocess.Popen[str]) -> None:
    """Kill with SIGKILL as soon as `reached` holds."""
    deadline = time.monotonic() + 300
    while not reached() and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    run.send_signal(signal.SIGKILL)
    run.communicate()


def same(one: Store, other: Store) -> bool:
    arrays = ("tokens", "offsets", "durations", "levels")
    return one.pieces == other.pieces and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays
    )


@pytest.mark.slow
def test_a_run_killed_again_and_again_goes_on_to_the_store_of_one_that_was_not(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = prepare(midi(many), progress=False)
    cache = tmp_path / "cache"
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(cache))
    for moment in (
        lambda: (cache / "pieces").exists(),
        lambda: read_so_far(cache) >= 32,
        lambda: read_so_far(cache) >= 96,
        lambda: list(cache.glob("events/.*/durations.npy")),
    ):
        run = started(many, cache)
        killed_when(moment, run)
        assert run.returncode == -signal.SIGKILL
        assert not list(cache.glob("events/[!.]*"))
        assert read_so_far(cache) % 32 in (0, 200 % 32)
    assert read_so_far(cache) == 200
    assert same(prepare(midi(many), progress=False), undisturbed)


@pytest.mark.slow
def test_two_runs_at_once_make_one_store_that_opens(many: Path, tmp_path: Path) -> None:
    runs = [started(many, tmp_path) for _ in range(2)]
    said = [run.communicate(timeout=600)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert len({*said}) == 1
    assert len(list((tmp_path / "events").iterdir())) == 1
    (path,) = tmp_path.glob("pieces/*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert db.execute("SELECT count(*) FROM pieces").fetchone() == (200,)


@pytest.mark.slow
def test_a_store_is_the_same_however_it_is_spread(
    many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = prepare(midi(many, limit=100), progress=False)
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path))
    source = MusicSourceSettings(name="midi", root=str(many), jobs=2, limit=100)
    assert same(prepare(source, progress=False), alone)


def test_a_folder_becomes_a_store(library: Path) -> None:
    store = prepare(midi(library), progress=False)
    assert len(store.pieces) == 12
    row = next(row for row in store.pieces if row.file == "slow/tune3.mid")
    assert row.title == "tune3"
    expected = to_events(tune(3))
    assert store.piece(row).durations.tolist() == expected.durations.tolist()
    shifted = expected.tokens.astype(int) + row.shift
    assert store.piece(row).tokens.tolist() == shifted.tolist()


def test_bad_files_are_listed_with_the_reason(library: Path) -> None:
    store = prepare(midi(library), progress=False)
    assert [file for file, _ in store.faults] == ["slow/broken.mid"]
    assert "truncated" in store.faults[0][1]


def test_a_second_run_opens_the_same_store_and_a_changed_folder_makes_a_new_one(
    tmp_path: Path, library: Path
) -> None:
    root = tmp_path / "music"
    root.mkdir()
    for seed in range(3):
        (root / f"{seed}.mid").write_bytes((library / "slow" / f"tune{seed}.mid").read_bytes())
    first = prepare(midi(root), progress=False)
    assert prepare(midi(root), progress=False).folder == first.folder
    (root / "3.mid").write_bytes((library / "slow" / "tune3.mid").read_bytes())
    second = prepare(midi(root), progress=False)
    assert second.folder != first.folder
    assert len(second.pieces) == 4


def test_a_store_that_does_not_open_is_made_again(tmp_path: Path, library: Path) -> None:
    root = tmp_path / "music"
    root.mkdir()
    (root / "a.mid").write_bytes((library / "slow" / "tune0.mid").read_bytes())
    store = prepare(midi(root), progress=False)
    (store.folder / "durations.npy").write_bytes(b"")
    again = prepare(midi(root), progress=False)
    assert again.folder == store.folder
    assert len(again.durations) == again.pieces[0].events


def test_a_missing_root_says_how_to_get_data() -> None:
    with pytest.raises(DataError, match="any folder of MIDI"):
        prepare(midi(Path("/nowhere")), progress=False)


def test_a_folder_without_music_is_said(tmp_path: Path) -> None:
    # By style.from= too: no option's name.
    with pytest.raises(DataError, match=f"^{re.escape(str(tmp_path))} holds none of"):
        prepare(midi(tmp_path), progress=False)


def test_a_folder_of_broken_files_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.mid").write_bytes(b"MThd")
    with pytest.raises(DataError, match="no readable music in"):
        prepare(midi(tmp_path), progress=False)


def test_a_grid_out_of_range_is_said(library: Path) -> None:
    with pytest.raises(SettingsError, match="expected 1 to 96"):
        prepare(midi(library, grid=100), progress=False)


def test_a_prepared_store_is_read_without_the_music(many: Path, tmp_path: Path) -> None:
    made = prepare(midi(many), progress=False)
    again = prepare(MusicSourceSettings(store=str(made.folder)), progress=False)
    assert again.fingerprint == made.fingerprint
    with pytest.raises(DataError, match=r"was prepared with data\.grid=24, not 12"):
        prepare(MusicSourceSettings(store=str(made.folder), grid=12), progress=False)
    with pytest.raises(DataError, match="no prepared store"):
        prepare(MusicSourceSettings(store=str(tmp_path)), progress=False)
