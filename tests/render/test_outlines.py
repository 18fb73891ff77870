import re
import sys
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

import pytest

from mood2music.render import outlines
from mood2music.render.outlines import SVG, outlined, text_to_paths


def places(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", path)]


def test_a_line_is_as_wide_as_its_letters_and_grows_with_its_size() -> None:
    path, width = outlined("Aa", 100)
    assert width == pytest.approx(outlined("A", 100)[1] + outlined("a", 100)[1])
    assert outlined("Aa", 200)[1] == pytest.approx(2 * width)
    assert 0 < max(places(path)) <= width * 1.1
    assert outlined("", 100) == ("", 0.0)


def test_letters_stand_on_the_line_and_reach_above_it() -> None:
    numbers = places(outlined("l", 100)[0])
    assert min(numbers) < -50
    assert outlined(" ", 100)[0] == ""


def test_faces_differ_and_what_the_font_lacks_is_a_space() -> None:
    plain, bold, italic = (outlined("a", 100, *face)[0] for face in ((0, 0), (1, 0), (0, 1)))
    assert len({plain, bold, italic}) == 3
    assert outlined("\U0001f600", 100) == outlined(" ", 100)


def test_threads_may_draw_the_same_letters_for_the_first_time_at_once() -> None:
    text = "Kyrie Rex Inmense Maiestasis àéîõü"
    right, pace = outlined(text, 40), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            outlines._letter.cache_clear()
            outlines._face.cache_clear()
            with ThreadPoolExecutor(4) as pool:
                assert set(pool.map(lambda _: outlined(text, 40), range(4))) == {right}
    finally:
        sys.setswitchinterval(pace)


@pytest.mark.parametrize(("anchor", "left"), [("start", 1.0), ("middle", 0.5), ("end", 0.0)])
def test_a_text_becomes_a_path_that_starts_where_its_anchor_says(anchor: str, left: float) -> None:
    width = outlined("Lento", 40)[1]
    root = ET.fromstring(
        f'<svg xmlns="{SVG}"><text x="500" y="70" text-anchor="{anchor}" font-size="0px">'
        f'<title>not drawn</title><tspan font-size="40px">Lento</tspan></text></svg>'
    )
    text_to_paths(root)
    assert root.find(f".//{{{SVG}}}text") is None
    (path,) = root.iter(f"{{{SVG}}}path")
    assert path.get("d") == outlined("Lento", 40)[0]
    at = places(path.get("transform", ""))
    assert at == pytest.approx([500 - width * (1 - left), 70], abs=0.1)


def test_runs_of_a_line_follow_each_other_in_their_own_style() -> None:
    root = ET.fromstring(
        f'<svg xmlns="{SVG}"><text x="0" y="0"><tspan font-size="40px">a</tspan>'
        f'<tspan font-size="20px" font-weight="bold">b</tspan>'
        f'<tspan x="9" y="60" font-size="40px">c</tspan></text></svg>'
    )
    text_to_paths(root)
    paths = list(root.iter(f"{{{SVG}}}path"))
    assert [p.get("d") for p in paths] == [
        outlined("a", 40)[0], outlined("b", 20, bold=True)[0], outlined("c", 40)[0],
    ]  # fmt: skip
    lefts = [places(p.get("transform", "")) for p in paths]
    assert lefts[1] == pytest.approx([outlined("a", 40)[1], 0], abs=0.1)
    assert lefts[2] == pytest.approx([9, 60])


def test_the_dot_of_a_metronome_mark_stands_behind_its_note() -> None:
    root = ET.fromstring(
        f'<svg xmlns="{SVG}"><text x="10" y="0"><tspan font-family="Leipzig" font-size="1000px">'
        "\ueca5\uecb7</tspan></text></svg>"
    )
    text_to_paths(root)
    note, dot = root.iter(f"{{{SVG}}}path")
    # A note is 302 thousandths of an em wide in Leipzig.
    lefts = [places(path.get("transform", ""))[0] for path in (note, dot)]
    assert lefts == pytest.approx([10, 312])
