"""play: what is heard of a folder, and one line where nothing can be heard."""

import importlib.util
import wave
from pathlib import Path

import pytest
import soundfile

from mood2music.errors import MusicFileError, PlayError
from mood2music.music.tempo import seconds_at
from mood2music.music.write import Part, parts_bytes, write_midi
from mood2music.render import playback
from mood2music.render.hearing import find_sound, play
from tests.conftest import Run, tune


def player(folder: Path, script: str) -> Path:
    """An `aplay` that leaves what it was given beside itself, or complains."""
    program = folder / "aplay"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


@pytest.fixture
def speakers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which `aplay` is the only way to hear, and copies what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    player(folder, f'/bin/cp "$2" {folder}/heard.wav')
    monkeypatch.setenv("PATH", str(folder))
    found = importlib.util.find_spec
    monkeypatch.setattr(
        playback.importlib.util,
        "find_spec",
        lambda name: None if name == "sounddevice" else found(name),
    )
    return folder


def test_a_run_folders_sound_is_played(tmp_path: Path, speakers: Path) -> None:
    soundfile.write(tmp_path / "piece.wav", [[0.0, 0.1]] * 100, 44100)
    write_midi(tune(1, 10), tmp_path / "piece.mid")
    play(tmp_path)
    assert (speakers / "heard.wav").read_bytes() == (tmp_path / "piece.wav").read_bytes()


@pytest.mark.parametrize("name", ["piece.mp3", "piece.mid"])
def test_what_is_no_wav_is_heard_as_one(tmp_path: Path, speakers: Path, name: str) -> None:
    if name == "piece.mid":
        write_midi(tune(1, 10), tmp_path / name)
        seconds = tune(1, 10).seconds
    else:
        soundfile.write(tmp_path / name, [[0.0, 0.1]] * 88200, 44100)
        seconds = 2.0
    play(tmp_path)
    with wave.open(str(speakers / "heard.wav")) as heard:
        assert heard.getnchannels() == 2
        assert heard.getnframes() / heard.getframerate() >= seconds


def test_a_midi_file_is_played_in_its_own_instruments_and_tempi(
    tmp_path: Path, speakers: Path
) -> None:
    heard = {}
    for name, program, tempi in (
        ("piano", 0, ((0, 120.0),)),
        ("flute", 73, ((0, 120.0),)),
        ("slower", 0, ((0, 120.0), (24, 30.0))),
    ):
        part = Part("", program, tune(1, 4))
        (tmp_path / "piece.mid").write_bytes(parts_bytes([part], tempi=tempi))
        play(tmp_path)
        heard[name], _ = soundfile.read(speakers / "heard.wav")
    seconds = seconds_at([0, tune(1, 4).end], ((0, 120.0), (24, 30.0)), 24)[1]
    assert len(heard["slower"]) / 44100 == pytest.approx(seconds + 4, abs=0.01)
    assert len(heard["flute"]) == len(heard["piano"]) < len(heard["slower"]) - 44100
    assert abs(heard["flute"] - heard["piano"]).max() > 0.1
    for samples in heard.values():
        assert abs(samples[-4 * 44100 :][:8820]).max() > 0.001, "what fades is not cut off"
        assert abs(samples[-100:]).max() < 0.001


def test_a_player_that_complains_has_not_played(tmp_path: Path, speakers: Path) -> None:
    player(speakers, 'echo "no device" >&2')
    soundfile.write(tmp_path / "piece.wav", [0.0] * 100, 44100)
    with pytest.raises(PlayError, match="aplay: no device") as caught:
        play(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_machine_without_any_player_is_told_so(tmp_path: Path, speakers: Path) -> None:
    (speakers / "aplay").unlink()
    soundfile.write(tmp_path / "piece.wav", [0.0] * 100, 44100)
    with pytest.raises(PlayError, match="neither sounddevice nor a player"):
        play(tmp_path)


def test_a_path_with_nothing_to_hear_ends_in_one_line(run: Run, tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="nothing to play"):
        find_sound(tmp_path)
    done = run("play", "outputs/nothing")
    assert done.returncode == 1
    assert done.stderr.startswith("error: nothing to play at outputs/nothing")
    assert done.stderr.count("\n") == 1
