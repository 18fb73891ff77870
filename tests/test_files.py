import hashlib
from pathlib import Path

import pytest

from mood2music.files import (
    CONFIGS,
    PRETRAINED,
    atomically,
    cache_folder,
    checksum,
    facts,
    together,
)
from tests.disk import room_for


def test_the_cache_is_where_the_environment_says_else_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    for unset in ("", None):
        if unset is None:
            monkeypatch.delenv("MOOD2MUSIC_CACHE")
        else:
            monkeypatch.setenv("MOOD2MUSIC_CACHE", unset)
        assert cache_folder().is_absolute()
        assert cache_folder().name == "mood2music"


def test_configs_and_weights_lie_where_the_paths_say() -> None:
    assert (CONFIGS / "train.yaml").is_file()
    assert list(PRETRAINED.glob("*.safetensors"))


def test_a_file_takes_the_place_of_the_old_one_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "piece.mid"
    for text in ("first", "second"):
        with atomically(path) as unfinished:
            assert unfinished.suffix == ".mid"
            unfinished.write_text(text)
        assert path.read_text() == text
    assert [p.name for p in path.parent.iterdir()] == ["piece.mid"]


def test_after_an_error_the_old_file_stands_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "piece.mid"
    path.write_text("old")

    def write_half() -> None:
        with atomically(path) as unfinished:
            unfinished.write_text("half of it")
            raise ValueError("no more room")

    with pytest.raises(ValueError, match="no more room"):
        write_half()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["piece.mid"]


def test_a_full_disk_leaves_the_old_file_and_its_name_in_the_error(tmp_path: Path) -> None:
    path = tmp_path / "piece.wav"
    path.write_text("old")
    with (
        pytest.raises(OSError, match="File too large") as refused,
        room_for(1000),
        atomically(path) as unfinished,
    ):
        unfinished.write_bytes(bytes(2000))
    assert refused.value.filename == str(path)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["piece.wav"]


def test_several_files_appear_together_the_manifest_last(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with together(folder, last="a.json") as unfinished:
        for name in ("a.json", "b.mid", "c.wav"):
            (unfinished / name).write_text(name)
            assert not (folder / name).exists()
    assert sorted(p.name for p in folder.iterdir()) == ["a.json", "b.mid", "c.wav"]


def test_of_several_files_none_appears_after_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "b.mid").write_text("old")

    def write(size: int) -> None:
        with together(folder) as unfinished:
            (unfinished / "b.mid").write_text("new")
            with atomically(unfinished / "c.wav") as sound:
                sound.write_bytes(bytes(size))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(10)
    with pytest.raises(OSError, match="File too large") as refused, room_for(1000):
        write(2000)
    assert refused.value.filename == str(folder / "c.wav")
    assert [(p.name, p.read_text()) for p in folder.iterdir()] == [("b.mid", "old")]


def test_what_is_refused_elsewhere_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as refused, together(tmp_path / "out"):
        (tmp_path / "tune.mid").read_bytes()
    assert refused.value.filename == str(tmp_path / "tune.mid")


def test_a_checksum_is_sha_256_whatever_the_length(tmp_path: Path) -> None:
    # FIPS 180-2, appendix B.1, then lengths around the block that is read at once.
    (tmp_path / "abc").write_bytes(b"abc")
    assert checksum(tmp_path / "abc") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    for length in (0, (1 << 20) - 1, 1 << 20, (1 << 20) + 1):
        content = bytes(range(256)) * (length // 256) + b"x" * (length % 256)
        (tmp_path / "long").write_bytes(content)
        assert checksum(tmp_path / "long") == hashlib.sha256(content).hexdigest()


def test_facts_name_the_file_and_not_its_folder(tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(b"abc")
    told = facts(tmp_path / "me.jpg")
    assert told == {"name": "me.jpg", "sha256": checksum(tmp_path / "me.jpg")}
