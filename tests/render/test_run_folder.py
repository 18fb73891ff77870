import sys
from pathlib import Path

import numpy as np
import pytest
import symusic

from mood2music import registry
from mood2music.errors import MusicFileError, SettingsError
from mood2music.music.authors import Author
from mood2music.music.key import find_key
from mood2music.music.notes import make_notes
from mood2music.registry import names, register
from mood2music.render.run_folder import Rendered, write_run
from mood2music.render.score import ScoreTraits
from mood2music.render.settings import RenderSettings
from tests.conftest import tune
from tests.warm import Warm

# What a foreign file may call its piece.
TITLE = 'Waltz\n\x1b[31mNo. 2\x00 \u202e\udceb <&">'


def rendered(title: str = "") -> Rendered:
    notes = tune(1, notes=30)
    notes = make_notes(
        notes.onset, notes.duration, notes.pitch, notes.velocity, 100.0, title=title or "Waltz"
    )
    authors = np.full(len(notes), Author.STYLE, np.uint8)
    return Rendered(notes, find_key(notes), authors, [("A", 0)], "jazz 1")


def write(folder: Path, kind: str, title: str = "") -> None:
    settings = RenderSettings(score=["svg", "png", "pdf"], sound=kind, roll=True)
    write_run(folder, [rendered(title)], settings)


def write_all(folder: Path) -> None:
    """Write a run with the score, and one a further kind of sound."""
    first, *others = names("sound")
    write(folder / first, first)
    for kind in others:
        write_run(folder / kind, [rendered()], RenderSettings(score=[], sound=kind))


def test_a_plugin_writes_score_and_sound_in_formats_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("score", "sound"):
        names(kind)
        monkeypatch.setitem(registry._choices, kind, dict(registry._choices[kind]))
    register("score", "txt", ScoreTraits(), lambda page: page[:4])
    register("score", "count", ScoreTraits(whole=True), lambda pages: b"%d" % len(pages))
    register("sound", "raw")(lambda samples: samples.tobytes())
    settings = RenderSettings(score=["txt", "count"], sound="raw")
    settings.check()
    (files,) = write_run(tmp_path, [rendered()], settings)
    assert files[2:] == ["score.txt", "score.count", "piece.raw"]
    assert (tmp_path / "score.txt").read_bytes() == b"<?xm"
    assert (tmp_path / "score.count").read_bytes() == b"1"
    assert (tmp_path / "piece.raw").stat().st_size % 8 == 0
    with pytest.raises(SettingsError, match=r"render\.sound=rw: did you mean raw"):
        RenderSettings(sound="rw").check()


def test_every_file_of_a_run_has_the_same_bytes_in_another_process(
    warm: Warm, user: dict[str, str], tmp_path: Path
) -> None:
    write_all(tmp_path / "a")
    # What has made the imports is another Python, whose sets have another order.
    done = warm.run(__name__, [str(tmp_path / "b")], tmp_path, user, timeout=600)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() != str(hash("a set's order"))
    paths = [p.relative_to(tmp_path / "a") for p in tmp_path.glob("a/*/*")]
    first = names("sound")[0]
    score = ["score.pdf", "score.png", "score.svg"]
    every = ["piece.mid", "piece.musicxml"]
    expected = [f"{first}/{name}" for name in [*score, "pianoroll.png"]]
    expected += [f"{kind}/{name}" for kind in names("sound") for name in [*every, f"piece.{kind}"]]
    assert sorted(str(p) for p in paths if "_page" not in p.name) == sorted(expected)
    for path in paths:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


def test_no_file_has_the_control_characters_of_a_title(tmp_path: Path) -> None:
    write(tmp_path, "none", TITLE)
    assert symusic.Score(tmp_path / "piece.mid").tracks[0].name == 'Waltz No. 2 \ufffd <&">'
    text = (tmp_path / "piece.musicxml").read_text(encoding="utf-8")
    assert '<movement-title>Waltz No. 2 \ufffd &lt;&amp;"&gt;</movement-title>' in text
    for path in tmp_path.iterdir():
        if path.suffix in (".mid", ".musicxml", ".svg"):
            content = path.read_bytes()
            assert not any(part in content for part in (b"\x1b[31m", "\u202e".encode())), path


def test_sounds_are_told_when_they_are_there_and_the_midi_file_stands_first(
    tmp_path: Path,
) -> None:
    wrote: list[str] = []
    there: list[bool] = []

    def tell(name: str) -> None:
        wrote.append(name)
        there.append((tmp_path / name).exists())

    settings = RenderSettings(score=["svg"], sound="wav")
    first, second = write_run(tmp_path, [rendered(), rendered()], settings, tell)
    assert all(there)
    assert sorted(wrote) == sorted([*first, *second])
    sounds = [name for name in wrote if name.endswith((".mid", ".wav"))]
    assert [name for name in sounds if "_2" in name] == ["piece_2.mid", "piece_2.wav"]
    assert sounds.index("piece.wav") in (1, 2)
    assert [names[0] for names in (first, second)] == ["piece.mid", "piece_2.mid"]
    assert first[-1] == "piece.wav"


def test_a_sound_that_cannot_be_made_ends_the_run_with_its_own_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF....sfbk")
    settings = RenderSettings(score=[], sound="wav", soundfont=str(broken))
    with pytest.raises(MusicFileError, match="cannot be played"):
        write_run(tmp_path / "run", [rendered()], settings)


def test_who_is_told_of_a_file_can_end_the_run(tmp_path: Path) -> None:
    def stop(name: str) -> None:
        raise InterruptedError(name)

    with pytest.raises(InterruptedError, match=r"piece\.mid"):
        write_run(tmp_path, [rendered()], RenderSettings(score=[], sound="wav"), stop)
    assert [path.name for path in tmp_path.iterdir()] == ["piece.mid"]


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
    print(hash("a set's order"))
