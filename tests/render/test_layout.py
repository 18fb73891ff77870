from pathlib import Path
from typing import Any

import pytest

from mood2music.music.key import Key
from mood2music.music.notes import make_notes
from mood2music.render.engraving import OPTIONS
from mood2music.render.layout import leftover, space
from mood2music.render.musicxml import notate


def loaded(bars: int) -> Any:
    """A toolkit that has read a tune of eighths."""
    import verovio

    count = 8 * bars
    notes = make_notes(range(0, 12 * count, 12), [12] * count, [60 + i % 12 for i in range(count)],
                       [80] * count)  # fmt: skip
    toolkit = verovio.toolkit(False)
    toolkit.setResourcePath(str(Path(verovio.__file__).parent / "data"))
    toolkit.setOptions(OPTIONS)
    toolkit.loadData(notate(notes, Key(0, "major")).decode())
    return toolkit


@pytest.mark.parametrize("bars", [13, 49])
def test_a_bar_or_a_system_left_over_is_drawn_in(bars: int) -> None:
    toolkit = loaded(bars)
    assert leftover(toolkit)
    space(toolkit)
    assert not leftover(toolkit)


def test_what_is_even_stays_as_it_is() -> None:
    toolkit = loaded(12)
    before = toolkit.renderToSVG(1)
    space(toolkit)
    assert toolkit.renderToSVG(1) == before
