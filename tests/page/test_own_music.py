from pathlib import Path

import pytest

from mood2music.errors import InputError
from mood2music.page.own_music import OwnMusic
from mood2music.page.run_folders import RunFolders
from mood2music.page.uploads import Limits, Uploads
from mood2music.page.work import Cancelled


@pytest.fixture
def uploads(folders: RunFolders) -> Uploads:
    return Uploads(folders.uploads, Limits(1 << 20, 1 << 20, 1 << 20, 3))


@pytest.fixture
def music(folders: RunFolders, uploads: Uploads) -> OwnMusic:
    return OwnMusic(folders, uploads)


def upload(folders: RunFolders, uploads: Uploads, name: str, content: bytes) -> Path:
    """What Gradio does: one folder a content, shared by all who send it."""
    file = folders.uploads / str(hash(content)) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    uploads.came([file])
    return file


def files(folders: RunFolders) -> list[str]:
    return [path.name for path in folders.root.rglob("*") if path.is_file()]


def test_two_visitors_who_send_the_same_file_both_have_it(
    folders: RunFolders, uploads: Uploads, music: OwnMusic
) -> None:
    first = upload(folders, uploads, "same.mid", b"same")
    second = upload(folders, uploads, "same.mid", b"same")
    assert first == second
    music.take("a", first)
    music.take("b", second)
    assert not first.exists()
    for visitor in "ab":
        kept = music.file(visitor)
        assert kept is not None
        assert kept.read_bytes() == b"same"
    with pytest.raises(InputError, match="send it again"):
        music.take("c", first)


def test_of_own_files_the_one_that_was_brought_last_counts(
    folders: RunFolders, uploads: Uploads, music: OwnMusic
) -> None:
    slow, quick = (upload(folders, uploads, f"{name}.mid", name.encode()) for name in "ab")

    def meanwhile(_: Path) -> None:
        with pytest.raises(InputError, match="still being read"):
            music.file("me")
        music.take("me", quick)

    with pytest.raises(Cancelled):
        music.take("me", slow, meanwhile)
    assert music.file("me") is not None
    assert files(folders) == ["b.mid"]
    slow = upload(folders, uploads, "a.mid", b"a")
    with pytest.raises(Cancelled):
        music.take("me", slow, lambda _: music.take("me", None) and None)
    assert music.file("me") is None
    slow = upload(folders, uploads, "a.mid", b"a")
    with pytest.raises(Cancelled):
        music.take("me", slow, lambda _: music.leave("me"))
    assert files(folders) == []


def test_only_uploads_are_taken(music: OwnMusic, tmp_path: Path) -> None:
    (tmp_path / "mine.mid").write_bytes(b"x")
    with pytest.raises(InputError, match=r"mine\.mid is no longer there"):
        music.take("me", tmp_path / "mine.mid")
    assert (tmp_path / "mine.mid").exists()


def test_what_is_kept_goes_with_the_visit_alone(
    folders: RunFolders, uploads: Uploads, music: OwnMusic
) -> None:
    kept = [music.take(who, upload(folders, uploads, f"{who}.mid", who.encode())) for who in "ab"]
    music.leave("a")
    music.leave("a")
    assert (music.file("a"), music.file("b")) == (None, kept[1])
    assert [file is not None and file.exists() for file in kept] == [False, True]
