"""examples/gallery: made by one command from settings that are checked, small, and all there."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image

from experiments.gallery.make import INDEX, plain, settings_of, small, word
from mood2music.flow.request_files import check_files
from mood2music.render.colours import SEED, STYLE

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "examples" / "gallery"
PIECES = yaml.safe_load((ROOT / "experiments/gallery/make.yaml").read_text())["pieces"]


@pytest.mark.parametrize("name", PIECES)
def test_what_a_piece_asks_is_what_generate_takes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    check_files(settings_of(PIECES[name]))


def test_the_index_names_files_that_are_there_of_every_piece_and_all_are_small() -> None:
    index = (GALLERY / INDEX).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", index)
    assert all((GALLERY / link).is_file() for link in links)
    for name in PIECES:
        assert {f"{name}/{name}.mp3", f"{name}/{name}.mid", f"{name}/score.png"} <= set(links)
    assert "face_jazz/portrait.jpg" in links
    assert sum(path.stat().st_size for path in GALLERY.rglob("*.*")) < 5_000_000


def test_a_page_keeps_its_colours_and_loses_white_above_and_below() -> None:
    page = np.full((2000, 1000, 3), 255, np.uint8)
    page[600:700, 100:300] = SEED
    page[600:700, 400:600] = STYLE
    drawn = Image.open(io.BytesIO(small(Image.fromarray(page), 500)))
    assert drawn.width == 500
    assert drawn.height == pytest.approx(98, abs=2)  # 50 rows of ink, 24 above and below
    shown = np.asarray(drawn.convert("RGB"))
    assert tuple(shown[49, 100]) == SEED
    assert tuple(shown[49, 250]) == STYLE
    assert tuple(shown[0, 0]) == (255, 255, 255)


def test_settings_are_told_as_they_are_typed() -> None:
    assert word(("song", "Yanky Doodle")) == "'song=Yanky Doodle'"
    assert plain([[0.5, -1], True]) == "[[0.5,-1],true]"
