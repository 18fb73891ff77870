"""Reads the mood of a photo, or of several, and draws the pictures asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from mood2music.brief import brief
from mood2music.face.picture.clip import is_clip
from mood2music.face.reading.photo_reading import FaceReading
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.files import facts
from mood2music.mood import Mood

# What a stage tells the user, a line at a time.
Report = Callable[[str], None]

# By file name, what writes each into a run folder.
Pictures = dict[str, Callable[[Path], None]]


def silent(line: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class PhotoSettings:
    """What the stage is asked.

    photo: a file, several pictures of one person, a film, "webcam", None for a sample portrait;
    explain, save_face: pictures to write.
    """

    photo: str | Path | Sequence[str | Path] | None = None
    face: ReadSettings = field(default_factory=ReadSettings)
    explain: bool = False
    save_face: bool = False


@brief
@dataclass(frozen=True)
class Portrait:
    """What a photo gave.

    how: for the manifest; pictures: by file name what writes each into the run folder, {} unless
    the user asked for one.
    """

    mood: Mood
    how: dict[str, Any]
    pictures: Pictures


def read_photo(settings: PhotoSettings, report: Report) -> Portrait:
    """Read the mood of the face, or of the faces, in a photo, or its mean over several.

    Raises as FaceReader does, and SettingsError when explain=true lacks captum.
    """
    from mood2music.face.picture import webcam
    from mood2music.face.picture.image import load_photo, sample_portrait

    if settings.explain:
        from mood2music.face.reading.explain import check_installed

        check_installed()
    face = settings.face
    reader = FaceReader.from_settings(face)
    if settings.photo is not None and not isinstance(settings.photo, str | Path):
        return _read_several([Path(path) for path in settings.photo], settings, reader, report)
    path = Path(settings.photo) if settings.photo is not None else sample_portrait()
    if is_clip(path):
        return _read_several([path], settings, reader, report)
    from_camera = settings.photo == webcam.NAME
    photo = webcam.take_photo(face.camera) if from_camera else load_photo(path, face.enough)
    reading = reader.read_taken(photo, face)
    whose = "the face" if len(reading.faces) == 1 else f"the mean of {len(reading.faces)} faces"
    report(
        f"mood   valence {reading.mood.valence:+.2f}, arousal {reading.mood.arousal:+.2f}, "
        f"from {whose} in {photo.name}"
    )
    if reading.turned:
        report(f"turned the photo by {reading.turned} degrees against the clock to find a face")
    if reading.found > len(reading.faces):
        report(f"faces  {reading.found} or more, the largest is read; face.which=all reads all")
    if not reading.sure():
        why = ", ".join(reading.hindered_by()) or "people would differ about it"
        report(f"unsure {why} (entropy {reading.entropy():.2f} nats); mood=[0.4,-0.2] corrects it")
    pictures: Pictures = {}
    if settings.explain:
        from mood2music.face.reading.explain import explain
        from mood2music.render.explanation import write_explanation

        told = explain(reader.predictors, reading.faces[0])
        pictures["explain.png"] = partial(write_explanation, told, with_face=settings.save_face)
        report("looked at the parts of the largest face that explain.png shows")
    if settings.save_face:
        pictures |= _saved(reading.faces)
    from_photo = {
        "from": "photo",
        **reading.as_dict(),
        "networks": [facts(path) for path in reader.sources],
        "pictures": list(pictures),
    }
    seen = {"name": webcam.NAME} if from_camera else facts(path)
    return Portrait(reading.mood, {"photo": seen, "mood": from_photo}, pictures)


def _read_several(
    paths: list[Path], settings: PhotoSettings, reader: FaceReader, report: Report
) -> Portrait:
    """Read frames of one film, or several pictures, and take the mean of those with a face."""
    from mood2music.face.picture.clip import take_frames
    from mood2music.face.picture.image import load_photo
    from mood2music.face.reading.series import read_series

    face, first = settings.face, paths[0]
    film = is_clip(first)
    photos = (
        take_frames(first, face.frames) if film else [load_photo(p, face.enough) for p in paths]
    )
    reading = read_series(reader, photos, face)
    count, kind = len(reading.readings), "frame" if film else "picture"
    source = (
        f"the mean of {count} {kind}s, which differ by {reading.spread[0]:.2f} and "
        f"{reading.spread[1]:.2f} (standard deviation)"
        if count > 1
        else f"from the one {kind} that has a face"
    )
    report(
        f"mood   valence {reading.mood.valence:+.2f}, arousal {reading.mood.arousal:+.2f}, {source}"
    )
    if reading.without:
        report(f"no face in {', '.join(reading.without)}: passed over")
    sure = reading.sure(face.uncertain, face.hidden)
    if not sure:
        why = "" if reading.entropy() > face.uncertain else "the mouth is hidden "
        report(
            f"unsure {why}(mean entropy {reading.entropy():.2f} nats); mood=[0.4,-0.2] corrects it"
        )
    faces = [read for _, photo in reading.readings for read in photo.faces]
    pictures = _saved(faces) if settings.save_face else {}
    from_photos = {
        "from": "film" if film else "photos",
        **reading.as_dict(),
        "sure": sure,
        "networks": [facts(path) for path in reader.sources],
        "pictures": list(pictures),
    }
    seen: Any = facts(first) if film else [facts(path) for path in paths]
    return Portrait(reading.mood, {"photo": seen, "mood": from_photos}, pictures)


def _saved(faces: Sequence[FaceReading]) -> Pictures:
    """What writes the faces read: face.png, then face_2.png and so on."""
    from mood2music.render.face import write_face

    marks = [f"_{number}" if number > 1 else "" for number in range(1, len(faces) + 1)]
    return {
        f"face{mark}.png": partial(write_face, read.crop)
        for mark, read in zip(marks, faces, strict=True)
    }
