"""How long a page and three minutes of sound take: `make benchmark`. Medians, shipped soundfont."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from mood2music.music.authors import Author
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.render.colours import COLOURS, as_hex
from mood2music.render.engraving import Heading
from mood2music.render.musicxml import notate
from mood2music.render.score import write_score
from mood2music.render.sound import write_sound
from tests.conftest import tune

KEY = Key(0, "major")
# One full page, and what is heard in three minutes.
PAGE = tune(3, 150)
MINUTES = tune(4, 520)
MEDIANS: dict[str, float] = {}


def timed(benchmark: BenchmarkFixture, name: str, run: Callable[[], object]) -> None:
    benchmark.group = "rendering"
    benchmark.pedantic(run, rounds=5, warmup_rounds=1)
    MEDIANS[name] = median(benchmark.stats.stats.data)


def page(notes: Notes, folder: Path) -> list[str]:
    colours = [as_hex(COLOURS[Author.STYLE])] * len(notes)
    musicxml = notate(notes, KEY, colours=colours)
    return write_score(musicxml, folder, Heading("A tune"), ["svg", "png"])


def test_a_page(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    assert len(page(PAGE, tmp_path)) == 2
    timed(benchmark, "a page: music21, verovio, SVG, PNG", lambda: page(PAGE, tmp_path))


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
def test_three_minutes_of_sound(benchmark: BenchmarkFixture, tmp_path: Path, kind: str) -> None:
    assert 175 < MINUTES.seconds < 200
    path = tmp_path / f"a.{kind}"
    timed(
        benchmark, f"{MINUTES.seconds:.0f} s of sound, {kind}", lambda: write_sound(MINUTES, path)
    )


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for name, seconds in MEDIANS.items():
            print(f"{name:40s} {seconds:8.2f} s")
