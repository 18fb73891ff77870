"""photo.py: what a photo gives, and the picture of what was looked at."""

from pathlib import Path

import pytest
from PIL import Image

from mood2music.errors import SettingsError
from mood2music.face.picture.image import sample_portrait
from mood2music.flow.photo import Portrait, read_photo
from mood2music.flow.request import GenerateSettings
from tests.conftest import ExportedFace


def read(exported_face: ExportedFace, **asked: object) -> tuple[Portrait, list[str]]:
    face = {"weights": str(exported_face.weights), "detector": "none"}
    said: list[str] = []
    return read_photo(GenerateSettings(face=face, **asked).photo_settings, said.append), said  # type: ignore[arg-type]


def test_no_picture_unless_asked(exported_face: ExportedFace) -> None:
    portrait, said = read(exported_face)
    assert portrait.pictures == {}
    assert portrait.how["photo"]["name"] == "astronaut.png"
    assert portrait.how["mood"]["valence"] == portrait.mood.valence
    assert "astronaut.png" in said[0]


def test_explain_gives_a_picture_and_the_manifest_names_it(
    exported_face: ExportedFace, tmp_path: Path
) -> None:
    portrait, said = read(exported_face, explain=True)
    assert portrait.how["mood"]["pictures"] == list(portrait.pictures) == ["explain.png"]
    for name, write in portrait.pictures.items():
        write(tmp_path / name)
    with Image.open(tmp_path / "explain.png") as picture:
        assert picture.width > 1000
    assert any("explain.png" in line for line in said)


def test_the_face_is_drawn_only_when_saving_it_is_allowed(
    exported_face: ExportedFace, tmp_path: Path
) -> None:
    for allowed in (False, True):
        portrait, _ = read(exported_face, explain=True, save_face=allowed)
        portrait.pictures["explain.png"](tmp_path / f"{allowed}.png")
    assert (tmp_path / "False.png").read_bytes() != (tmp_path / "True.png").read_bytes()


@pytest.mark.parametrize("source", [{"mood": [0.1, 0.2]}, {"song": "bwv1"}, {"midi": "a.mid"}])
def test_explain_without_a_photo_is_refused(source: dict[str, object]) -> None:
    settings = GenerateSettings(explain=True, **source)  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"explain=true with .*no photo is read"):
        settings.check()


def test_several_pictures_give_their_mean_and_spread(
    exported_face: ExportedFace, tmp_path: Path
) -> None:
    paths = [str(sample_portrait()), str(tmp_path / "mirrored.png")]
    with Image.open(paths[0]) as portrait:
        portrait.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(paths[1])
    portrait, said = read(exported_face, photo=paths, save_face=True)
    assert [file["name"] for file in portrait.how["photo"]] == ["astronaut.png", "mirrored.png"]
    told = portrait.how["mood"]
    assert told["from"] == "photos"
    assert told["spread"]["valence"] == pytest.approx(0, abs=0.01)  # a mood has no side
    assert "the mean of 2 pictures" in said[0]
    assert told["pictures"] == list(portrait.pictures) == ["face.png", "face_2.png"]


def test_one_picture_with_a_face_is_no_mean(exported_face: ExportedFace, tmp_path: Path) -> None:
    Image.new("RGB", (90, 90), "green").save(tmp_path / "green.png")
    paths = [str(sample_portrait()), str(tmp_path / "green.png")]
    said: list[str] = []
    face = {"weights": str(exported_face.weights)}
    read_photo(GenerateSettings(face=face, photo=paths).photo_settings, said.append)
    assert said[0].endswith("from the one picture that has a face")
    assert said[1] == "no face in green.png: passed over"


@pytest.fixture
def masked(tmp_path: Path) -> Path:
    """The sample portrait, her mouth behind a black bar."""
    with Image.open(sample_portrait()) as image:
        photo = image.convert("RGB")
    photo.paste((0, 0, 0), (186, 133, 262, 164))
    photo.save(tmp_path / "masked.png")
    return tmp_path / "masked.png"


def test_a_hidden_mouth_is_told_as_a_doubt(masked: Path) -> None:
    said: list[str] = []
    portrait = read_photo(GenerateSettings(photo=str(masked)).photo_settings, said.append)
    told = portrait.how["mood"]
    assert not told["sure"]
    assert told["faces"][0]["hidden"]["mouth"] > 0.9 > 0.1 > told["faces"][0]["hidden"]["eyes"]
    assert told["entropy"] < 1.3  # her eyes smile: it does not know what it misses
    assert [line for line in said if line.startswith("unsure the mouth is hidden (entropy")]


@pytest.mark.parametrize(("hidden", "sure"), [(1, True), (2, False)])
def test_of_three_pictures_most_have_to_show_the_mouth(
    masked: Path, hidden: int, sure: bool
) -> None:
    paths = [str(masked)] * hidden + [str(sample_portrait())] * (3 - hidden)
    said: list[str] = []
    portrait = read_photo(GenerateSettings(photo=paths).photo_settings, said.append)
    assert portrait.how["mood"]["sure"] == sure
    assert [line for line in said if line.startswith("unsure the mouth is hidden")] == said[1:]


@pytest.mark.parametrize(
    ("photo", "why"),
    [
        ([], r"photo=\[\]: expected a picture"),
        ([1], r"photo=\[1\]: expected a picture"),
        (["a.jpg", "webcam"], "expected pictures alone"),
        (["a.jpg", "b.mp4"], "expected pictures alone"),
    ],
)
def test_what_is_no_series_is_refused(photo: list[object], why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        GenerateSettings(photo=photo).check()


@pytest.mark.parametrize("photo", [["a.jpg", "b.jpg"], "b.mp4"])
def test_one_picture_is_explained(photo: object) -> None:
    with pytest.raises(SettingsError, match="expected one picture to explain"):
        GenerateSettings(photo=photo, explain=True).check()
