"""Their own music in: recordings and notation become pieces, and the manifest tells how."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from mood2music.audio.settings import AudioSettings
from mood2music.catalog.library import read_library
from mood2music.errors import MusicFileError
from mood2music.files import checksum
from mood2music.flow.photo import silent
from mood2music.flow.pipeline import generate
from mood2music.flow.request import GenerateSettings
from mood2music.flow.song import REACH, Start, find_song
from mood2music.judge.pieces import pieces_table
from mood2music.judge.song_mood import SOURCE, song_mood
from mood2music.mood import Mood
from mood2music.music.read import read
from mood2music.store.prepare import MusicSourceSettings, prepare
from tests.audio.played import played
from tests.conftest import SILENT, Run, tune
from tests.formats import SUFFIXES, write_notation

pytestmark = pytest.mark.slow

TUNE = tune(3, notes=48)
SOUND = played(TUNE)


def found(settings: GenerateSettings) -> Start:
    return find_song(settings.song_settings, None, 24, np.random.default_rng(0), silent)


# That each format is read: tests/audio/test_sound.py.
def test_a_recording_becomes_a_piece(tmp_path: Path) -> None:
    path = tmp_path / "tune.mp3"
    soundfile.write(path, SOUND, 44100)
    said: list[str] = []
    settings = GenerateSettings(audio=str(path), length=12, render=SILENT)
    piece = generate(settings, tmp_path / "out", said.append)
    assert len(read(piece)) > 0
    manifest = json.loads((tmp_path / "out" / "run.json").read_text())
    told = manifest["audio"]
    assert (told["name"], told["sha256"]) == (path.name, checksum(path))
    assert told["heard"] == told["notes"] + sum(told["removed"].values())
    assert 0.7 * len(TUNE) < told["notes"] < 1.2 * len(TUNE)
    assert manifest["pieces"][0]["tempo"] == pytest.approx(TUNE.tempo, rel=0.02)
    assert [line.split()[0] for line in said] == ["style", "audio", "seed"]
    removed = sum(told["removed"].values())
    assert f"{told['heard']} notes heard in {TUNE.seconds + 1:.0f} s" in said[1]
    assert f"{removed} cleaned away" in said[1]


def test_settings_of_the_transcription_reach_it(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "tune.wav", SOUND, 44100)
    settings = GenerateSettings(
        audio=str(tmp_path / "tune.wav"),
        transcription=AudioSettings(clean=False, tempo=TUNE.tempo / 2),
    )
    start = found(settings)
    assert start.how["audio"]["removed"] == {}
    assert start.notes.tempo == pytest.approx(TUNE.tempo / 2)
    assert start.title == "tune"


def test_what_is_no_recording_is_refused_in_one_line_from_the_command_line(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "broken.mp3").write_bytes(b"ID3 and no more")
    done = run("generate", "audio=broken.mp3")
    assert done.returncode == 1
    assert done.stderr.startswith("error: broken.mp3 cannot be read")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_notation_goes_where_midi_goes(tmp_path: Path, suffix: str) -> None:
    path = write_notation(tmp_path / "music", suffix)
    count = len(read(path))
    start = found(GenerateSettings(midi=str(path)))
    assert len(start.notes) == count
    table = pieces_table(path.parent, progress=False)
    assert [row.judged["statistics"].notes for row in table.rows] == [count]
    store = prepare(MusicSourceSettings("midi", str(path.parent)), progress=False)
    assert [piece.notes for piece in store.pieces] == [count]
    songs = read_library(path.parent, song_mood, SOURCE, progress=False).songs
    assert [song.id for song in songs] == [path.name]


def test_a_midi_that_is_not_there_says_what_is_taken(tmp_path: Path) -> None:
    settings = GenerateSettings(midi=str(tmp_path / "gone.mid"))
    with pytest.raises(MusicFileError, match=r"no music file at .*\.mid, .*\.mxl, .*\.mei"):
        found(settings)


@pytest.mark.parametrize(("composer", "fewest"), [("Haydn", 1), (None, 5)])
def test_of_a_few_songs_those_far_from_the_mood_are_not_taken(
    composer: str | None, fewest: int
) -> None:
    settings = GenerateSettings(composer=composer).song_settings
    rng = np.random.default_rng(0)
    for mood in (Mood(0.9, 0.9), Mood(-0.9, -0.9), Mood(0.1, 0.0)):
        near = find_song(settings, mood, 24, rng, silent).nearest
        distances = [distance for _, distance in near]
        assert max(distances) <= min(distances) + REACH
        assert fewest <= len(near) <= 5
    assert composer is None or len(near) < 5
