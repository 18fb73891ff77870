"""photos.py: one row a photo, with a mood or the reason why there is none."""

from pathlib import Path

import pytest
from PIL import Image

from mood2music.errors import DataError
from mood2music.face.picture.image import load, sample_portrait
from mood2music.face.reading.labelled import labels
from mood2music.face.reading.photos import read_photos
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader.load()


def test_processes_give_the_same_rows_in_the_same_order(reader: FaceReader, album: Path) -> None:
    several = read_photos(album, reader, ReadSettings(), jobs=2)
    assert several == read_photos(album, reader, ReadSettings())


def test_every_picture_gets_a_row_with_a_mood_or_a_reason(reader: FaceReader, album: Path) -> None:
    rows = {row.path: row for row in read_photos(album, reader, ReadSettings())}
    assert sorted(rows) == ["green.png", "letter.jpg", "me/astronaut.png"]
    found = rows["me/astronaut.png"]
    alone = reader.read_mood(load(sample_portrait()), ReadSettings()).mood
    assert found.found
    assert found.valence == pytest.approx(alone.valence, abs=1e-5)
    assert "no face in green.png" in rows["green.png"].error
    assert "not a picture" in rows["letter.jpg"].error
    assert rows["green.png"].valence is None


def test_detector_none_takes_every_readable_picture(reader: FaceReader, album: Path) -> None:
    rows = read_photos(album, reader, ReadSettings(detector="none"))
    assert [row.found for row in rows] == [True, False, True]


def test_an_empty_folder_is_refused(reader: FaceReader, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no picture in photos="):
        read_photos(tmp_path, reader, ReadSettings())


def test_a_missing_folder_is_named_by_its_setting(reader: FaceReader, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no data at photos="):
        read_photos(tmp_path / "none", reader, ReadSettings())


def test_every_picture_of_a_folder_is_a_row_whatever_its_suffix(
    reader: FaceReader, tmp_path: Path
) -> None:
    kinds = {"a.PNG": "PNG", "b.jfif": "JPEG", "c.gif": "GIF", "d.avif": "AVIF", "f.Jpe": "JPEG"}
    for name, kind in kinds.items():
        Image.new("RGB", (64, 64), "grey").save(tmp_path / name, kind)
    (tmp_path / "e.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(60))
    (tmp_path / "g.nef").write_bytes(b"II*\0" + bytes(60))
    (tmp_path / "notes.txt").write_text("no picture")
    rows = {r.path: r for r in read_photos(tmp_path, reader, ReadSettings(detector="none"))}
    assert sorted(rows) == ["a.PNG", "b.jfif", "c.gif", "d.avif", "e.HEIC", "f.Jpe", "g.nef"]
    assert [name for name, row in rows.items() if not row.found] == ["e.HEIC", "g.nef"]
    assert "HEIC, which is not read here: convert to JPEG" in rows["e.HEIC"].error
    assert "raw file, which is not read here: convert to JPEG" in rows["g.nef"].error


def test_a_labelled_picture_of_another_name_is_a_row_too(
    reader: FaceReader, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 64), "grey").save(tmp_path / "me", "PNG")
    (tmp_path / "labels.csv").write_text("path,valence,arousal\nme,0.5,0.5\n")
    (row,) = read_photos(tmp_path, reader, ReadSettings(detector="none"), labels(tmp_path).moods)
    assert row.found


def test_tta_reads_moved_crops_too_and_gives_their_mean(album: Path, reader: FaceReader) -> None:
    settings = ReadSettings(tta=True)
    rows = {row.path: row for row in read_photos(album, reader, settings)}
    alone = reader.read_mood(load(sample_portrait()), settings)
    assert max(alone.faces[0].spread or ()) > 0
    assert rows["me/astronaut.png"].valence == pytest.approx(alone.mood.valence, abs=1e-5)
