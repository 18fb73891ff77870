import logging
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.write import write_midi
from mood2music.store.parallel import ParallelSettings
from mood2music.store.piece import unpack
from mood2music.store.piece_cache import PieceCache
from mood2music.store.read_new import TOGETHER, fault_of, read_new
from mood2music.store.sources import MusicSourceSettings, find_sources
from tests.conftest import tune
from tests.store import readers

quietly = partial(read_new, parallel=ParallelSettings(), progress=False)


@pytest.fixture
def pieces(tmp_path: Path) -> Iterator[PieceCache]:
    opened = PieceCache(tmp_path / "pieces.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "music"
    root.mkdir()
    for seed in range(3):
        write_midi(tune(seed, 12), root / f"good{seed}.mid")
    return root


def settings(root: Path, **changed: object) -> MusicSourceSettings:
    return MusicSourceSettings(name="midi", root=str(root), **changed)  # type: ignore[arg-type]


def faults(cache: PieceCache, asked: MusicSourceSettings, reader=None) -> dict[str, str]:  # type: ignore[no-untyped-def]
    sources = find_sources(asked)
    given = {"reader": reader} if reader else {}
    found = {}
    for source, content in zip(sources, quietly(cache, sources, asked, **given), strict=True):
        if isinstance(content, MusicFileError):
            found[source.name] = str(content)
        else:
            known = cache.get(content)
            assert known is not None
            if known.data is None:
                found[source.name] = str(fault_of(known, source.name))
            else:
                assert unpack(known.data).notes > 0
    return found


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.slow
def test_a_reader_that_dies_costs_its_own_file_only(
    pieces: PieceCache, folder: Path, jobs: int
) -> None:
    for number in range(jobs * TOGETHER):  # so many that two workers have work
        write_midi(tune(number + 10, 4), folder / f"more{number}.mid")
    for name in ("abort", "segfault", "killed", "odd"):
        write_midi(tune(len(name), 13), folder / f"{name}.mid")
    found = faults(pieces, settings(folder, jobs=jobs), readers.fragile)
    assert found == {
        "abort.mid": "abort.mid: the parser crashed (SIGABRT)",
        "segfault.mid": "segfault.mid: the parser crashed (SIGSEGV)",
        "killed.mid": "killed.mid: the parser crashed (SIGKILL)",
        "odd.mid": "odd.mid cannot be read: ZeroDivisionError('what a parser may raise')",
    }


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_a_fault_and_is_tried_again_with_more_time(
    pieces: PieceCache, folder: Path
) -> None:
    # What else there is has been read: on a busy machine it might be late too.
    assert faults(pieces, settings(folder)) == {}
    write_midi(tune(5), folder / "endless.mid")
    found = faults(pieces, settings(folder, timeout=1.0), readers.fragile)
    assert found == {"endless.mid": "endless.mid took longer than 1 s: raise data.timeout"}
    assert faults(pieces, settings(folder, timeout=0.5), readers.never) == found
    assert faults(pieces, settings(folder, timeout=300.0)) == {}


def test_what_was_read_is_known_by_its_content_wherever_it_lies(
    pieces: PieceCache, folder: Path, tmp_path: Path
) -> None:
    (folder / "cut.mid").write_bytes((folder / "good0.mid").read_bytes()[:60])
    found = faults(pieces, settings(folder))
    assert list(found) == ["cut.mid"]
    shutil.copytree(folder, tmp_path / "moved" / "deeper")
    (tmp_path / "moved" / "deeper" / "cut.mid").rename(tmp_path / "moved" / "renamed.mid")
    moved = faults(pieces, settings(tmp_path / "moved"), readers.never)
    assert moved == {"renamed.mid": found["cut.mid"].replace("cut.mid", "renamed.mid")}


def test_only_what_is_new_is_read(
    pieces: PieceCache, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert faults(pieces, settings(folder)) == {}
        write_midi(tune(7, 12), folder / "new.mid")
        write_midi(tune(1, 12), folder / "good0.mid")  # what good1.mid holds already
        shutil.copy(folder / "new.mid", folder / "twice.mid")
        assert faults(pieces, settings(folder)) == {}
    assert [r.getMessage()[:17] for r in caplog.records] == [
        "3 of 3 pieces wer",
        "1 of 5 pieces wer",
    ]


def test_the_same_bytes_are_other_music_in_another_format(pieces: PieceCache, folder: Path) -> None:
    (folder / "a.abc").write_text("T:bytes that do not say what they are\nK:C\nCDEF|\n")
    shutil.copy(folder / "a.abc", folder / "a.krn")
    shutil.copy(folder / "a.abc", folder / "a.mid")
    found = faults(pieces, settings(folder))
    assert list(found) == ["a.krn", "a.mid"]
    assert "not a MIDI file" in found["a.mid"]


def test_a_file_that_cannot_be_opened_is_a_fault_and_not_remembered(
    pieces: PieceCache, folder: Path
) -> None:
    (folder / "gone.mid").symlink_to(folder / "nothing.mid")
    assert faults(pieces, settings(folder)) == {
        "gone.mid": "gone.mid cannot be read: No such file or directory"
    }
    write_midi(tune(4), folder / "nothing.mid")
    assert faults(pieces, settings(folder)) == {}
