from pathlib import Path

import pytest

from mood2music.errors import DataError
from mood2music.generator.data_settings import WindowSettings
from mood2music.generator.parts import PARTS, left_out, part_of, select
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare


@pytest.fixture
def store(library: Path) -> Store:
    return prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)


def test_parts_share_no_group_and_leave_out_no_piece(store: Store) -> None:
    parts = {part: select(store, WindowSettings(), part) for part in PARTS}
    assert all(parts.values())
    assert sorted(r.file for rows in parts.values() for r in rows) == sorted(
        r.file for r in store.pieces
    )
    groups = [{r.group for r in rows} for rows in parts.values()]
    assert not groups[0] & groups[1]
    assert not groups[0] & groups[2]
    assert not groups[1] & groups[2]


def test_a_group_stays_on_its_side_and_shares_come_out_as_asked() -> None:
    names = [f"{i:064x}" for i in range(5000)]
    parts = [part_of(name, 0.1) for name in names]
    assert parts == [part_of(name, 0.1) for name in names]
    assert parts.count("val") / 5000 == pytest.approx(0.1, abs=0.015)
    assert parts.count("test") / 5000 == pytest.approx(0.1, abs=0.015)


def test_patterns_choose_pieces(store: Store) -> None:
    settings = WindowSettings(include=["fast/*"], exclude=["*tune7.mid"])
    files = [r.file for part in PARTS for r in select(store, settings, part)]
    assert sorted(files) == ["fast/tune10.mid", "fast/tune11.mid", "fast/tune6.mid",
                             "fast/tune8.mid", "fast/tune9.mid"]  # fmt: skip


def test_patterns_that_leave_nothing_are_said(store: Store) -> None:
    with pytest.raises(DataError, match="leave none of 12 pieces"):
        select(store, WindowSettings(include=["polka/*"]), "train")


def test_other_pieces_are_those_of_training_that_are_left_out(store: Store) -> None:
    settings = WindowSettings(include=["fast/*"], exclude=["*tune2.mid"])
    files = {row.file for row in left_out(store, settings)}
    assert files
    assert all(not file.startswith("fast/") and not file.endswith("tune2.mid") for file in files)
    assert all(part_of(row.group, 0.1) == "train" for row in left_out(store, settings))
