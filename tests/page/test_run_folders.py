import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mood2music.page.run_folders import TAKEN, RunFolders


def age(folder: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(folder, (then, then))


def test_folders_whose_time_is_over_go_with_their_files() -> None:
    folders = RunFolders(keep=60)
    old, young, upload = folders.new(), folders.new(), folders.uploads / "abc"
    upload.mkdir()
    for folder in (old, upload):
        (folder / "file").write_text("x")
        age(folder, 61)
    held = folders.private()
    age(held, 10_000)
    age(upload, TAKEN + 1)
    folders.sweep()
    newest = folders.new()
    assert held.is_dir()
    assert (old.exists(), upload.exists()) == (False, False)
    assert young.is_dir()
    assert newest.is_dir()
    folders.close()
    assert not folders.root.exists()


def test_names_are_long_and_private_folders_lie_apart() -> None:
    folders = RunFolders(keep=60)
    names = {folders.new().name for _ in range(20)}
    assert len(names) == 20
    assert min(map(len, names)) >= 20
    assert folders.served not in folders.private().parents
    folders.close()


def test_nothing_outside_is_ever_removed(tmp_path: Path) -> None:
    folders = RunFolders(keep=60)
    folders.remove(tmp_path)
    folders.remove(folders.root)
    assert tmp_path.is_dir()
    assert folders.root.is_dir()
    folders.close()


def test_many_threads_make_and_remove_without_a_fault() -> None:
    folders = RunFolders(keep=60)

    def work(_: int) -> None:
        for _ in range(100):
            folder = folders.new()
            folders.sweep()
            folders.remove(folder)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert list(folders.served.iterdir()) == []
    folders.close()
