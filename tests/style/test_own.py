"""own.py: a few pieces become a style's file, once; near copies stand on one side."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from mood2music.errors import DataError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.network import NetworkSettings
from mood2music.judge.trained_on import find_index
from mood2music.learn.checkpoint import read_header
from mood2music.store.event_store import PieceRow, open_store
from mood2music.style.learning import Learning
from mood2music.style.own import keep, learn_style, split
from tests.conftest import tune, write_notes

TINY = Learning("none", epochs=2, batches=2, size=2, window=16)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("base") / "base.safetensors"
    made = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 16, "embedding": 16}, bars=True)
    )
    networks.save(path, made, {"data": {"settings": {"grid": 24, "quantize": [4, 3]}}})
    return path


def test_a_style_is_learnt_once_and_is_better_where_it_was_not_learnt(
    base: Path, library: Path, tmp_path: Path
) -> None:
    steps: list[tuple[int, int]] = []
    said: list[str] = []
    learnt = learn_style(
        library, base, replace(TINY, lr=0.02), lambda *s: steps.append(s), said.append
    )
    assert steps == [(n, 4) for n in range(1, 5)]
    assert "from 10 pieces, 2 held out" in said[0]
    assert (learnt.known, learnt.pieces, learnt.held_out) == (False, 10, 2)
    assert learnt.after < learnt.before
    header = read_header(learnt.path)
    assert header["init"] == checksum(base)
    assert not set(header["data"]["train_names"]) & set(header["data"]["val_names"])
    assert header["data"]["settings"]["root"] == library.name

    again = learn_style(library, base, replace(TINY, lr=0.02), lambda *_: pytest.fail("again"))
    assert again == replace(learnt, known=True)
    assert learn_style(library, base, replace(TINY, lr=0.02, seed=1)).path != learnt.path

    keep(learnt, tmp_path / "mine.safetensors")
    assert checksum(tmp_path / "mine.safetensors") == checksum(learnt.path)
    names = set(header["data"]["train_names"])
    index = find_index(None, [tmp_path / "mine.safetensors"], names, 24, [4, 3])
    assert index.missing == 0


def test_what_the_progress_raises_ends_it_and_leaves_nothing(
    base: Path, library: Path, cache: Path
) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise InterruptedError

    before = sorted((cache / "styles").glob("*"))
    with pytest.raises(InterruptedError):
        learn_style(library, base, replace(TINY, seed=2), stop)
    assert sorted((cache / "styles").glob("*")) == before


def test_of_a_visitors_music_all_stays_in_one_folder(
    base: Path, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for file in sorted((library / "slow").glob("tune*")):
            archive.write(file, file.name)
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "cache"))
    said: list[str] = []
    learnt = learn_style(
        tmp_path / "mine.zip", base, replace(TINY, epochs=1), None, said.append, tmp_path / "own"
    )
    assert "learning mine from 5 pieces" in said[0]
    assert learnt.path.is_relative_to(tmp_path / "own")
    assert not (tmp_path / "cache").exists()


def test_when_the_time_is_up_what_was_learnt_is_kept(base: Path, library: Path) -> None:
    steps: list[int] = []
    learnt = learn_style(
        library, base, replace(TINY, minutes=1e-6), lambda done, _: steps.append(done)
    )
    assert len(steps) < 4
    assert learnt.path.is_file()


def test_one_piece_twice_is_too_little(base: Path, tmp_path: Path) -> None:
    write_notes(tmp_path / "s", ((f"{i}.mid", "aa", tune(0)) for i in range(2)), 24, [4])
    with pytest.raises(DataError, match=r"too few pieces.*, 1 where near copies count once"):
        split(open_store(tmp_path / "s").pieces)


def row(name: str, group: str) -> PieceRow:
    return PieceRow(name, "", "C major", 0, 120, "", 0, 1, 1, 0, 0, 9, name, group)


def test_near_copies_are_held_out_together() -> None:
    rows = [row(f"{group}{i}", group) for group in "abcdefghij" for i in range(3)]
    learnt, held = split(rows)
    assert len(held) == 6
    assert not {r.group for r in learnt} & {r.group for r in held}
    assert split(rows[::-1])[1] == held[::-1]
