"""foreign.py: a stranger's photo is decoded elsewhere, within limits."""

import math
import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import ImageError
from mood2music.face.picture import foreign
from mood2music.face.picture.foreign import ForeignPhotos
from mood2music.face.picture.image import load_photo, sample_portrait


def test_a_photo_is_read_as_it_is_here() -> None:
    photo = ForeignPhotos().read(sample_portrait())
    np.testing.assert_array_equal(photo.pixels, load_photo(sample_portrait()).pixels)
    assert (photo.scale, photo.name) == (1, "astronaut.png")


def test_what_is_wrong_with_it_is_said_as_it_is_here(tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n")
    with pytest.raises(ImageError, match=r"me\.jpg is not a picture"):
        ForeignPhotos().read(tmp_path / "me.jpg")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    Image.new("L", (9000, 9000)).save(tmp_path / "large.png")
    return tmp_path / "large.png"


def test_one_that_takes_too_long_is_given_up_and_the_next_is_read(large: Path) -> None:
    photos = ForeignPhotos(seconds=0.05)
    with pytest.raises(ImageError, match=r"large\.png takes more than 0\.05 s") as caught:
        photos.read(large)
    assert len(str(caught.value).splitlines()) == 1
    photos = ForeignPhotos()
    assert photos.read(large).pixels.shape == (1125, 1125, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process has")
def test_one_that_takes_too_much_memory_is_refused(large: Path) -> None:
    photos = ForeignPhotos(most_bytes=60_000_000)
    photos.read(sample_portrait())
    with pytest.raises(ImageError, match=r"large\.png"):
        photos.read(large)
    assert photos.read(sample_portrait()).scale == 1


def end_itself(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def test_one_that_crashes_its_decoder_costs_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = ForeignPhotos()
    monkeypatch.setattr(foreign, "_read", end_itself)
    with pytest.raises(ImageError, match=r"me\.jpg cannot be decoded \(SIGSEGV\)"):
        photos.read(tmp_path / "me.jpg")
    monkeypatch.undo()
    assert photos.read(sample_portrait()).scale == 1


def test_several_threads_read_at_once() -> None:
    photos, found = ForeignPhotos(), []
    threads = [
        threading.Thread(target=lambda: found.append(photos.read(sample_portrait())))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    photos.close()
    assert math.prod(photo.scale for photo in found) == 1
    assert len(found) == 3
