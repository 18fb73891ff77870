"""Small pictures that the tests of this room start from."""

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from mood2music.face.picture.image import sample_portrait
from tests.affectnet import picture


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A zip of a portrait, a plain green picture and a text called .jpg."""
    green = io.BytesIO()
    Image.new("RGB", (200, 200), "green").save(green, "PNG")
    path = tmp_path / "album.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(sample_portrait(), "me/astronaut.png")
        archive.writestr("green.png", green.getvalue())
        archive.writestr("letter.jpg", b"dear diary")
        archive.writestr("notes.txt", b"not counted")
    return path


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """A folder a class: six of happiness, six of Sad, one twice, one broken, one unnamed."""
    root = tmp_path / "classes"
    for place, folder in enumerate(("happiness", "Sad")):
        (root / folder).mkdir(parents=True)
        for number in range(6):
            (root / folder / f"{number}.png").write_bytes(picture(10 * place + number))
    (root / "happiness" / "twice.png").write_bytes(picture(0))
    (root / "happiness" / "broken.png").write_bytes(picture(99)[:60])
    (root / "landscape").mkdir()
    (root / "landscape" / "hill.png").write_bytes(picture(50))
    return root


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A zip with labels.csv: eight pictures, one of them missing, one with an arousal of -2."""
    path = tmp_path / "labelled.zip"
    lines = ["path,valence,arousal,expression"]
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(8):
            if number != 6:
                archive.writestr(f"images/{number}.png", picture(100 + number))
            arousal = -2 if number == 7 else 0.1
            lines.append(f"images/{number}.png,{number / 10},{arousal},1")
        archive.writestr("labels.csv", "\n".join(lines))
    return path
