from pathlib import Path

import pytest

from experiments.bar_lines.check import bars_of
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.render.musicxml import notate

HEAD = """<attributes><divisions>2</divisions>
<time><beats>3</beats><beat-type>4</beat-type></time></attributes>"""


def score(path: Path, *bars: str, pickup: bool = False) -> Path:
    """A part of 3/4, two divisions a quarter note; bars: their elements."""
    implicit = 'implicit="yes"' if pickup else ""
    first = f'<measure number="0" {implicit}>{HEAD}{bars[0]}</measure>'
    others = [f'<measure number="{i}">{bar}</measure>' for i, bar in enumerate(bars[1:], 1)]
    part = f'<part id="P1">{first}{"".join(others)}</part>'
    path.write_text(f"<score-partwise>{part}</score-partwise>")
    return path


def note(duration: int, voice: int = 1, extra: str = "") -> str:
    return f"<note>{extra}<duration>{duration}</duration><voice>{voice}</voice></note>"


BACK = "<backup><duration>6</duration></backup>"


@pytest.mark.parametrize(
    ("bar", "holds"),
    [
        (note(4) + note(2), True),
        (note(4) + note(4, extra="<chord/>") + note(2), True),
        (note(4), False),
        (note(4) + note(3), False),
        (note(6) + BACK + note(2, 2), True),
        (note(6) + BACK + note(7, 2), False),
        (note(3) + "<forward><duration>3</duration></forward>", False),
        ("<note><grace/></note>" + note(6), True),
    ],
)
def test_a_bar_holds_where_a_voice_fills_it_and_none_goes_beyond(
    bar: str, holds: bool, tmp_path: Path
) -> None:
    assert list(bars_of(score(tmp_path / "s.musicxml", note(6), bar))) == [True, holds]


def test_only_a_marked_pickup_may_be_short(tmp_path: Path) -> None:
    path = tmp_path / "s.musicxml"
    assert list(bars_of(score(path, note(2), note(6), pickup=True))) == [True, True]
    assert list(bars_of(score(path, note(2), note(6)))) == [False, True]


def test_a_score_that_is_written_here_holds_and_one_note_too_many_is_seen(tmp_path: Path) -> None:
    meter = (TimeSignature(-24, 6, 8),)
    notes = make_notes([0, 48, 60, 90], [48, 12, 60, 30], [60, 64, 67, 72], [80] * 4, meter=meter)
    path = tmp_path / "s.musicxml"
    path.write_bytes(notate(notes, Key(0, "major")))
    assert list(bars_of(path)) == [True, True]
    text = path.read_text(encoding="utf-8")
    end = text.rindex("</measure>")
    path.write_text(text[:end] + note(5040) + text[end:], encoding="utf-8")
    assert list(bars_of(path)) == [True, False]
