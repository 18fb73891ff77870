"""A layer of an MEI measure gives each note its place, and says how many bars it rests."""

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from mood2music.music.formats.mei_layer import Layer, Staff


def layer(inner: str, staff: Staff | None = None) -> Layer:
    measure = ElementTree.fromstring(f"<measure><layer>{inner}</layer></measure>")
    found = Layer(staff or Staff(), "1/1", Fraction(8), (6, 8), measure)
    found.read(measure[0])
    return found


def test_notes_follow_one_another() -> None:
    found = layer(
        "<note pname='c' oct='4' dur='4'/><rest dur='8'/><note pname='d' oct='4' dur='4'/>"
    )
    assert [(n.start, n.end, n.pitch) for n in found.struck] == [(8, 9, 60), (9.5, 10.5, 62)]
    assert (found.now, found.bars) == (10.5, 0)


@pytest.mark.parametrize(("rest", "bars"), [("<mRest/>", 1), ("<multiRest num='3'/>", 3)])
def test_rests_of_bars_take_no_time_of_their_own(rest: str, bars: int) -> None:
    found = layer(rest)
    assert (found.now, found.bars) == (8, bars)


def test_a_rest_of_more_bars_than_any_piece_has_is_refused() -> None:
    for number in ("0", "99999", "x"):
        with pytest.raises(ValueError, match=f'num="{number}", expected 1 to 9999'):
            layer(f'<multiRest num="{number}"/>')


def test_a_beat_of_six_eight_has_three_eighths() -> None:
    eighth = "<note pname='c' oct='4' dur='8'/>"
    assert [n.start for n in layer(eighth * 3 + "<beatRpt/>").struck][3:] == [9.5, 10, 10.5]


def test_a_staff_keeps_what_a_definition_leaves_open() -> None:
    element = ElementTree.fromstring("<staffDef trans.semi='-2' dur.default='8' oct.default='5'/>")
    staff = Staff().defined(element)
    assert (staff.transpose, staff.duration, staff.octave) == (-2, "8", "5")
    assert staff.defined(ElementTree.fromstring("<staffDef/>")) == staff
    assert [n.pitch for n in layer("<note pname='c'/>", staff).struck] == [70]
    assert layer("<clef shape='perc'/><note/>", Staff(duration="4")).drums == 1
