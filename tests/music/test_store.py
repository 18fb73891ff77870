from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError, MusicFileError
from mood2music.music.events import to_events
from mood2music.music.near_copies import group_near_copies
from mood2music.music.prepare import MusicSourceSettings, prepare
from mood2music.music.store import open_store, write_store
from tests.conftest import tune


def test_a_folder_becomes_a_store_that_numpy_alone_can_read(library: Path) -> None:
    store = prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)
    assert len(store.pieces) == 12
    durations = np.load(store.folder / "durations.npy")
    assert len(durations) == sum(row.events for row in store.pieces)
    row = next(row for row in store.pieces if row.file == "slow/tune3.mid")
    expected = to_events(tune(3))
    assert store.piece(row).durations.tolist() == expected.durations.tolist()
    shifted = expected.tokens.astype(int) + row.shift
    assert store.piece(row).tokens.tolist() == shifted.tolist()


def test_bad_files_are_listed_with_the_reason(library: Path) -> None:
    store = prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)
    assert [file for file, _ in store.faults] == ["slow/broken.mid"]
    assert "truncated" in store.faults[0][1]


def test_a_second_run_opens_the_same_store_and_a_changed_folder_makes_a_new_one(
    tmp_path: Path, library: Path
) -> None:
    root = tmp_path / "music"
    root.mkdir()
    source = MusicSourceSettings(name="midi", root=str(root))
    for seed in range(3):
        (root / f"{seed}.mid").write_bytes((library / "slow" / f"tune{seed}.mid").read_bytes())
    first = prepare(source, progress=False)
    assert prepare(source, progress=False).folder == first.folder
    (root / "3.mid").write_bytes((library / "slow" / "tune3.mid").read_bytes())
    second = prepare(source, progress=False)
    assert second.folder != first.folder
    assert len(second.pieces) == 4


def test_a_missing_root_says_how_to_get_data() -> None:
    with pytest.raises(DataError, match="any folder of MIDI"):
        prepare(MusicSourceSettings(name="midi", root="/nowhere"), progress=False)


def test_a_folder_without_music_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds none of"):
        prepare(MusicSourceSettings(name="midi", root=str(tmp_path)), progress=False)


def test_a_folder_that_is_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no event store"):
        open_store(tmp_path)


def test_a_failing_write_leaves_no_store(tmp_path: Path) -> None:
    def pieces():  # type: ignore[no-untyped-def]
        yield "a", "1", tune(0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_store(tmp_path / "store", pieces(), 24, (4, 3))
    assert not (tmp_path / "store").exists()


def test_faults_alone_make_an_empty_store(tmp_path: Path) -> None:
    write_store(tmp_path / "store", [("a", "", MusicFileError("why"))], 24, (4, 3))
    assert open_store(tmp_path / "store").faults == [("a", "why")]


def test_a_transposed_copy_joins_its_original() -> None:
    original, other = tune(1, 120), tune(2, 120)
    copy = tune(1, 120).transposed(3)
    groups = group_near_copies([to_events(n) for n in (original, other, copy)], ["a", "b", "c"])
    assert groups == ["a", "b", "a"]


def test_many_copies_of_one_tune_stay_one_group() -> None:
    copies = [to_events(tune(1, 60).transposed(i % 12)) for i in range(30)]
    assert set(group_near_copies(copies, [f"{i:02}" for i in range(30)])) == {"00"}


def test_pieces_without_a_melody_stay_alone_unless_their_content_is_the_same() -> None:
    short = to_events(tune(1, 4))
    assert group_near_copies([short, short], ["x", "y"]) == ["x", "y"]
    assert group_near_copies([short, short], ["x", "x"]) == ["x", "x"]
