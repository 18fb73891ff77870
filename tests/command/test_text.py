import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mood2music.command.text import one_line, shortened, visible


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Waltz in C#, \"The 2nd\" (1897) — Für Élise 🎹 日本", None),
        ("two\nlines\r\nand\ta tab\x0b\x0c", "two lines and a tab"),
        ("\x1b[2J\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title of the window\x07tune", "tune"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("piece\u202egpj.exe", "piecegpj.exe"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("Zo\udceb.mid", "Zo\ufffd.mid"),
        ("\ufffe\uffff\ufeff", ""),
        ("family 👩‍👧 of two", None),
    ],
)  # fmt: skip
def test_a_line_keeps_what_can_be_seen(text: str, line: str | None) -> None:
    assert one_line(text) == (text if line is None else line)


@given(st.text(st.characters()))
def test_any_text_becomes_a_line_that_files_and_terminals_take(text: str) -> None:
    line = one_line(text)
    assert one_line(line) == line
    assert len(line.splitlines()) <= 1
    assert ET.fromstring(ET.tostring(_element(line), "utf-8")).text == (line or None)


def _element(text: str) -> ET.Element:
    element = ET.Element("title")
    element.text = text
    return element


def test_long_words_lose_their_middle() -> None:
    said = shortened(f"no file at {'a' * 5000}.mid: pass another")
    assert len(said) < 350
    assert said.startswith("no file at aaa")
    assert said.endswith("a.mid: pass another")
    assert shortened("as it is") == "as it is"


def test_what_is_aligned_stays_aligned() -> None:
    assert visible("midi   two\nlines\x1b[31m.mid: 3 notes") == "midi   two lines.mid: 3 notes"
