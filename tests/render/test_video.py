from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.music.authors import Author
from mood2music.music.key import Key
from mood2music.music.notes import make_notes
from mood2music.render.colours import COLOURS
from mood2music.render.performance import perform
from mood2music.render.settings import RenderSettings
from mood2music.render.sound import TAIL, write_sound
from mood2music.render.video import (
    BOTTOM,
    HEIGHT,
    LINE,
    RATE,
    TOP,
    WIDTH,
    find_ffmpeg,
    frames,
    write_video,
)

NOTES = make_notes([0, 24], [12, 24], [60, 72], [80, 80], tempo=60.0, title="One · somebody")
AUTHORS = np.array([Author.STYLE, Author.STYLE], np.uint8)
PLAYED = perform(NOTES, Key(0, "major"), RenderSettings(human=0))


def beside_the_line(frame: np.ndarray) -> list[int]:  # type: ignore[type-arg]
    """Rows of the style's notes just behind the line."""
    return np.flatnonzero((frame[:, LINE + 2] == COLOURS[Author.STYLE]).all(-1)).tolist()


def test_a_note_stands_on_the_line_while_it_sounds() -> None:
    shown = [beside_the_line(frame) for frame in islice(frames(NOTES, AUTHORS, PLAYED), 2 * RATE)]
    low, silent, high = shown[RATE // 4], shown[3 * RATE // 4], shown[RATE + RATE // 2]
    assert low
    assert not silent
    assert high
    assert TOP <= max(high) < min(low) < BOTTOM


def test_the_pictures_last_as_long_as_the_sound() -> None:
    count = 0
    for picture in frames(NOTES, AUTHORS, PLAYED):  # noqa: B007
        count += 1
    assert count == round((2 + TAIL) * RATE)
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert not beside_the_line(picture)


def test_a_note_stands_on_the_line_when_it_is_heard_in_another_tempo() -> None:
    played = replace(PLAYED, tempi=[(0, 60.0), (480, 30.0)])
    shown = [beside_the_line(frame) for frame in islice(frames(NOTES, AUTHORS, played), 4 * RATE)]
    assert [bool(shown[at * RATE // 4]) for at in (1, 3, 5, 11, 13)] == [
        True, False, True, True, False,
    ]  # fmt: skip
    assert shown[11 * RATE // 4] == shown[5 * RATE // 4]
    assert sum(1 for _ in frames(NOTES, AUTHORS, played)) == round((3 + TAIL) * RATE)


def test_without_ffmpeg_a_video_is_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    assert find_ffmpeg() is None
    RenderSettings().check()
    with pytest.raises(SettingsError, match=r"render\.video=true needs ffmpeg: apt install ffmpeg"):
        RenderSettings(video=True).check()


@pytest.mark.slow
def test_a_video_has_pictures_and_sound(tmp_path: Path) -> None:
    if find_ffmpeg() is None:
        pytest.skip("no ffmpeg on this machine: apt install ffmpeg")
    sound = tmp_path / "piece.mp3"
    write_sound(PLAYED, sound)
    write_video(NOTES, AUTHORS, PLAYED, tmp_path / "piece.mp4", "no soundfont", sound)
    content = (tmp_path / "piece.mp4").read_bytes()
    assert content[4:8] == b"ftyp"
    # The handlers of its two tracks, and +faststart: the index comes before the content.
    assert b"vide" in content
    assert b"soun" in content
    assert content.index(b"moov") < content.index(b"mdat")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["piece.mp3", "piece.mp4"]
