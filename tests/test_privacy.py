"""What a photo's file tells stays in the process, and so do its pixels unless asked for."""

import json
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from PIL import Image

from mood2music.catalog.open import CatalogSettings
from mood2music.command.groups import shared_groups
from mood2music.face.picture.image import load, sample_portrait
from mood2music.files import CONFIGS
from mood2music.flow.photo import read_photo
from mood2music.flow.pipeline import generate
from mood2music.flow.request import GenerateSettings
from mood2music.flow.request_told import as_told
from mood2music.music.write import write_midi
from tests.conftest import tune
from tests.film import write_film

SECRETS = ("SecretCam 3000", "Ada Example", "48.8583", "Her name is Ada", "private_folder")


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The astronaut as a telephone would store her: place, camera, author, a comment."""
    folder = tmp_path_factory.mktemp("private_folder")
    exif = Image.Exif()
    exif[0x0110], exif[0x013B] = "SecretCam 3000", "Ada Example"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", (48.0, 51.0, 30.0), "48.8583"
    with Image.open(sample_portrait()) as image:
        image.convert("RGB").save(folder / "me.jpg", exif=exif, comment="Her name is Ada")
    stored = (folder / "me.jpg").read_bytes()
    assert all(secret.encode() in stored for secret in SECRETS[:4])
    return folder / "me.jpg"


def run(folder: Path, photo: Path, **settings: object) -> dict[str, bytes]:
    folder.mkdir()
    common = {"photo": str(photo), "length": 8, "seed_len": 8}
    generate(GenerateSettings(**common, **settings), folder, lambda _: None)  # type: ignore[arg-type]
    return {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_exif_and_folders_are_in_no_written_file_and_the_face_is_not_unless_asked(
    photo: Path, tmp_path: Path
) -> None:
    plain = run(tmp_path / "plain", photo)
    saved = run(tmp_path / "saved", photo, save_face=True)
    assert set(saved) - set(plain) == {"face.png"}
    for data in (*plain.values(), *saved.values()):
        assert not any(secret.encode() in data for secret in SECRETS)
    manifest = json.loads(saved["run.json"])
    assert manifest["photo"]["name"] == manifest["settings"]["photo"] == "me.jpg"
    with Image.open(tmp_path / "saved" / "face.png") as face:
        assert (face.size, face.mode, dict(face.info)) == ((48, 48), "L", {})
    assert [p.name for p in photo.parent.iterdir()] == ["me.jpg"]


def test_every_face_read_is_saved_when_asked(tmp_path: Path) -> None:
    with Image.open(sample_portrait()) as image:
        two = Image.new("RGB", (1024, 512))
        two.paste(image.convert("RGB"), (0, 0))
        two.paste(image.convert("RGB").resize((400, 400)), (600, 100))
    two.save(tmp_path / "two.png")
    said: list[str] = []
    for which, names in (("all", ["face.png", "face_2.png"]), ("largest", ["face.png"])):
        settings = GenerateSettings(photo=str(tmp_path / "two.png"), face={"which": which})
        settings.save_face = True
        assert list(read_photo(settings.photo_settings, said.append).pictures) == names
    assert "mean of 2 faces" in said[0]
    assert said[-1] == "faces  2 or more, the largest is read; face.which=all reads all"


def test_a_run_folder_gets_no_copy_of_the_command_by_hydra() -> None:
    folder = CONFIGS / "generate"
    with (
        shared_groups("generate", folder),
        initialize_config_dir(str(folder), version_base="1.3"),
    ):
        config = compose("generate", return_hydra_config=True)
    assert config.hydra.output_subdir is None


def test_a_frame_of_a_camera_has_no_file_to_tell_of(tmp_path: Path) -> None:
    film = tmp_path / "film.avi"
    write_film(film, load(sample_portrait()), count=1)
    settings = GenerateSettings(photo="webcam", face={"camera": str(film)})
    assert str(tmp_path) not in json.dumps(as_told(settings))
    portrait = read_photo(settings.photo_settings, lambda _: None)
    assert portrait.how["photo"] == {"name": "webcam"}
    assert (portrait.how["mood"]["found"], portrait.pictures) == (1, {})
    assert [p.name for p in tmp_path.iterdir()] == ["film.avi"]


@pytest.mark.parametrize("source", ["midi", "library"])
def test_folders_of_music_are_in_no_written_file(source: str, tmp_path: Path) -> None:
    folder = tmp_path / "private_folder"
    folder.mkdir()
    write_midi(tune(3), folder / "tune.mid")
    if source == "midi":
        settings = GenerateSettings(midi=str(folder / "tune.mid"), length=8)
    else:
        catalog = CatalogSettings("library", root=str(folder))
        settings = GenerateSettings(song="tune.mid", catalog=catalog, length=8)
    generate(settings, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert told["midi" if source == "midi" else "song"]
    for path in (tmp_path / "out").iterdir():
        assert str(tmp_path).encode() not in path.read_bytes()
        assert path.suffix == ".json" or b"private_folder" not in path.read_bytes()
