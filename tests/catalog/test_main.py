"""`python -m mood2music.catalog` as a user types it."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from mood2music.catalog.__main__ import main
from mood2music.catalog.table import read_table
from tests.conftest import Run


def command(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> None:
    """Run in this process: a process of its own takes two seconds to start."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["catalog", *words])
    main()


def test_build_makes_a_table_that_the_other_verbs_and_generate_take(
    library: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command(monkeypatch, tmp_path, "build", f"catalog.root={library}", "out=mine")
    said = capsys.readouterr().out
    assert "     6 slow" in said
    assert "    12 songs, 1 files refused" in said
    assert "refused slow/broken.mid: broken.mid is" in said
    assert said.splitlines()[-1] == "mine/catalog.csv"
    songs = read_table(tmp_path / "mine" / "catalog.csv")
    assert len(songs) == 12
    assert all(Path(song.music).is_file() for song in songs)
    with Image.open(tmp_path / "mine" / "plane.png") as plane:
        assert plane.size[0] > 1000
    command(monkeypatch, tmp_path, "list", "catalog.csv=mine/catalog.csv", "catalog.style=fast")
    listed = capsys.readouterr().out
    assert "6 songs" in listed
    assert "slow/tune1.mid" not in listed
    assert "fast/tune7.mid" in listed


def test_a_table_beside_its_music_can_be_moved_with_it(
    library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command(monkeypatch, library.parent, "build", f"catalog.root={library}", f"out={library}")
    text = (library / "catalog.csv").read_text()
    assert str(library) not in text
    assert Path(read_table(library / "catalog.csv")[0].music).is_file()
    (library / "catalog.csv").unlink()
    (library / "plane.png").unlink()


def test_search_near_a_mood_lists_the_nearest_first_with_distances(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(monkeypatch, tmp_path, "search", "near=[0.5,0.2]", "k=7", "catalog.richer=0")
    lines = capsys.readouterr().out.splitlines()
    distances = [float(line.split()[0]) for line in lines[2:-1]]
    assert len(distances) == 7
    assert distances == sorted(distances)
    assert distances[0] < 0.2
    command(monkeypatch, tmp_path, "search", "near=[0.5,0.2]", "k=7", "catalog.richer=0.4")
    richer = capsys.readouterr().out.splitlines()[2:-1]
    assert all(distances[0] <= float(line.split()[0]) <= distances[-1] + 0.4 for line in richer)
    assert richer != lines[2:-1]


def test_search_by_words_and_show_by_title(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(monkeypatch, tmp_path, "search", "doodle")
    assert "Yanky Doodle" in capsys.readouterr().out
    command(monkeypatch, tmp_path, "show", "yanky doodle", "k=3")
    said = capsys.readouterr().out
    assert "valence    +0.156 (+0.703 before calibration)" in said
    # Its own place is not among its neighbours.
    assert said.count("airdsAirs/book1#102") == 1
    assert (tmp_path / "outputs/catalog/plane.png").is_file()


def test_no_verb_prints_the_four_with_an_example_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([], ["--help"], ["search", "--help"]):
        command(monkeypatch, tmp_path, *words)
        said = capsys.readouterr().out
        for verb in ("build", "list", "search", "show"):
            assert f"python -m mood2music.catalog {verb} " in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "lst: expected one of build, list, search, show"),
        (["search"], r"pass words of a title, or near=[0.5,0.2]"),
        (["search", "near=[5,2]"], "valence 5, expected -1 to 1"),
        (["search", "near=blue"], "near=blue: expected happy, sad, surprised"),
        (["search", "nera=[0,0]"], "There is no such setting"),
        (["search", "near=[0,0]", "k=0"], "expected 1 or more"),
        (["show"], "show which song?"),
        (["show", 'no "such" song'], "among 513"),
        (["list", "composer=nobody"], "composer=nobody: this catalog has"),
        (["build"], "build needs catalog.root="),
        (["build", "catalog.root=gone"], "no folder gone"),
        (["list", "catalog.csv=gone.csv"], "no catalog table at gone.csv"),
    ],
)
def test_faults_end_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    with pytest.raises(SystemExit) as ended:
        command(monkeypatch, tmp_path, *words)
    assert ended.value.code == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith("error: ")
    assert error.count("\n") == 1


def test_it_runs_as_a_module(run: Run, tmp_path: Path) -> None:
    done = run("catalog", "list", "catalog.style=jazz")
    assert done.returncode == 0, done.stderr
    assert "Maple Leaf Rag" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["outputs"]
