import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from mood2music.errors import InputError
from mood2music.face.picture.image import sample_portrait
from mood2music.page.photo_turns import READS, PhotoTurns
from mood2music.page.run_folders import RunFolders
from mood2music.page.uploads import Limits, Uploads
from mood2music.page.work import Cancelled


@pytest.fixture
def uploads(folders: RunFolders) -> Uploads:
    return Uploads(folders.uploads, Limits(1 << 20, 1 << 20, 1 << 20, 3))


@pytest.fixture
def turns(folders: RunFolders, uploads: Uploads) -> PhotoTurns:
    return PhotoTurns(folders, uploads)


def test_a_photo_lies_there_while_it_is_read_alone(
    folders: RunFolders, uploads: Uploads, turns: PhotoTurns
) -> None:
    file = folders.uploads / "sent" / "me.jpg"
    file.parent.mkdir()
    file.write_bytes(b"face")
    uploads.came([file])
    for photo in (turns.photo(file), turns.sample(sample_portrait())):
        with photo as kept:
            assert kept.read_bytes() in (b"face", sample_portrait().read_bytes())
            assert folders.served not in kept.parents
        assert not kept.exists()
    assert not file.exists()
    assert sample_portrait().exists()


def test_one_visitors_slow_photos_leave_room_for_others(turns: PhotoTurns) -> None:
    with ExitStack() as stack:
        for number in range(READS - 1):
            stack.enter_context(turns.reading(f"me {number}", "my machine"))
        for visitor in ("me 0", "me again"):
            with pytest.raises(InputError, match="still being read"):
                stack.enter_context(turns.reading(visitor, "my machine"))
        with turns.reading("another", "another machine"):
            pass
    with turns.reading("me 0", "my machine"):
        pass


def test_of_photos_that_come_while_one_is_read_the_last_is_read_next(turns: PhotoTurns) -> None:
    def read(name: str) -> str:
        with turns.reading("me", "my machine"):
            return name

    def come() -> int:
        return turns._machines["my machine"]

    with ThreadPoolExecutor(2) as pool:
        with turns.reading("me", "my machine"):
            second = pool.submit(read, "second")
            while come() < 2:
                time.sleep(0.001)
            third = pool.submit(read, "third")
            with pytest.raises(Cancelled):
                second.result(10)
            assert not third.done()
        assert third.result(10) == "third"
    assert come() == 0
