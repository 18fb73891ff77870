from xml.etree import ElementTree

import pytest

from mood2music.music.key import Key
from mood2music.render.credits import FITTING, POINTS, with_fitting_title
from mood2music.render.musicxml import notate
from tests.conftest import tune


def written(title: str) -> bytes:
    return notate(tune(0, 8), Key(0, "major"), title=title, composer="after <Bach> & sons")


def test_a_title_that_fits_is_left_to_the_program() -> None:
    content = written("a" * FITTING)
    assert with_fitting_title(content) == content


@pytest.mark.parametrize("letters", [FITTING + 1, 2 * FITTING])
def test_a_longer_title_is_so_much_smaller_and_the_composer_stands_below(letters: int) -> None:
    title = "é" + "&" * (letters - 1)
    found = ElementTree.fromstring(with_fitting_title(written(title)))
    credits = {c.findtext("credit-type"): c.find("credit-words") for c in found.iter("credit")}
    assert set(credits) == {"title", "composer"}
    words, composer = credits["title"], credits["composer"]
    assert words is not None
    assert composer is not None
    assert (words.text, composer.text) == (f"{title}\n ", "after <Bach> & sons")
    assert float(words.get("font-size", 0)) == pytest.approx(POINTS * FITTING / letters, abs=0.05)
    assert found.findtext("movement-title") == title, "for what reads no credits"
    order = [child.tag for child in found]
    assert order.index("defaults") < order.index("credit") < order.index("part-list")
