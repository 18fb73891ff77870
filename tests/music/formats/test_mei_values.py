"""Attributes of MEI mean the lengths, pitches, meters and tempi that its guidelines say."""

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from mood2music.music.formats.mei_values import (
    is_drums,
    length_of,
    meter_of,
    pitch_of,
    ratio_of,
    tempo_of,
)


@pytest.mark.parametrize(
    ("note", "length"),
    [
        ("<note dur='4'/>", 1),
        ("<note dur='2' dots='1'/>", 3),
        ("<note dur='2'><dot/><dot/></note>", 3.5),
        ("<chord dur='breve'/>", 8),
        ("<rest dur='long'/>", 16),
        ("<note dur='semibrevis'/>", 4),
        ("<note dur='4' dur.ges='8'/>", 0.5),
        ("<note dur='4' dur.ges='480p'/>", 1),
        ("<note/>", None),
    ],
)
def test_a_length_is_of_its_name_and_dots(note: str, length: float | None) -> None:
    assert length_of(ElementTree.fromstring(note)) == length


def test_a_length_may_be_the_staffs_and_is_refused_where_unknown() -> None:
    assert length_of(ElementTree.fromstring("<note/>"), "8") == Fraction(1, 2)
    with pytest.raises(ValueError, match=r'a <note> has the duration "5"'):
        length_of(ElementTree.fromstring("<note dur='5'/>"))


@pytest.mark.parametrize(
    ("tuplet", "ratio"),
    [("", (2, 3)), ("num='5'", (4, 5)), ("num='6'", (4, 6)), ("num='2' numbase='3'", (3, 2)),
     ("num='x'", (2, 3)), ("num='1'", (1, 1))],
)  # fmt: skip
def test_a_tuplet_is_in_the_time_of_the_power_of_two_below(
    tuplet: str, ratio: tuple[int, int]
) -> None:
    assert ratio_of(ElementTree.fromstring(f"<tuplet {tuplet}/>")) == Fraction(*ratio)


@pytest.mark.parametrize(
    ("note", "pitch"),
    [
        ("<note pname='c' oct='4'/>", 60),
        ("<note pname='b' oct='3' accid='s'/>", 60),
        ("<note pname='c' oct='4' accid='s' accid.ges='n'/>", 60),
        ("<note pname='d' oct='5'><accid accid='ff'/></note>", 72),
        ("<note pname='c' oct='4' oct.ges='5'/>", 72),
        ("<note pname='c' oct='-1'/>", 0),
        ("<note pnum='61'/>", 61),
    ],
)
def test_a_pitch_is_as_it_sounds(note: str, pitch: int) -> None:
    assert pitch_of(ElementTree.fromstring(note)) == pitch


def test_a_note_without_a_pitch_is_refused() -> None:
    assert pitch_of(ElementTree.fromstring("<note pname='c'/>"), octave="5") == 72
    for note, said in (("<note pname='c'/>", "a note c has the octave"), ("<note/>", "pitch name")):
        with pytest.raises(ValueError, match=said):
            pitch_of(ElementTree.fromstring(note))


@pytest.mark.parametrize(
    ("element", "meter"),
    [
        ("<scoreDef meter.count='3' meter.unit='4'/>", (3, 4)),
        ("<staffDef meter.count='2+3' meter.unit='8'/>", (5, 8)),
        ("<scoreDef meter.sym='cut'/>", (2, 2)),
        ("<meterSig count='6' unit='8'/>", (6, 8)),
        ("<meterSig sym='common'/>", (4, 4)),
        ("<scoreDef><meterSig count='6' unit='8'/></scoreDef>", (6, 8)),
        ("<scoreDef><meterSigGrp func='mixed'><meterSig count='2' unit='4'/>"
         "<meterSig count='1' unit='8'/></meterSigGrp></scoreDef>", (5, 8)),
        ("<scoreDef><meterSigGrp><meterSig count='3' unit='4'/><meterSig count='6' unit='8'/>"
         "</meterSigGrp></scoreDef>", (3, 4)),
        ("<scoreDef meter.count='0' meter.unit='4'/>", None),
        ("<scoreDef meter.count='x' meter.unit='4'/>", None),
        ("<scoreDef/>", None),
    ],
)  # fmt: skip
def test_a_meter_is_stated_by_count_sign_or_element(
    element: str, meter: tuple[int, int] | None
) -> None:
    assert meter_of(ElementTree.fromstring(element)) == meter


@pytest.mark.parametrize(
    ("attributes", "qpm"),
    [
        ("midi.bpm='72' mm='60'", 72),
        ("midi.tempo='80'", 80),
        ("midi.mspb='1000000'", 60),
        ("mm='60' mm.unit='2'", 120),
        ("mm='60' mm.unit='4' mm.dots='1'", 90),
        ("mm='c. 60'", None),
        ("midi.bpm='0'", None),
        ("", None),
    ],
)
def test_a_tempo_is_in_quarter_notes(attributes: str, qpm: float | None) -> None:
    assert tempo_of(ElementTree.fromstring(f"<tempo {attributes}/>")) == qpm


@pytest.mark.parametrize(
    ("element", "drums"),
    [
        ("<staffDef clef.shape='perc'/>", True),
        ("<staffDef clef.shape='G'/>", False),
        ("<staffDef><clef shape='perc'/></staffDef>", True),
        ("<staffDef clef.shape='G'><instrDef midi.channel='9'/></staffDef>", True),
        ("<staffDef clef.shape='G'><instrDef midi.channel='10'/></staffDef>", False),
        ("<staffDef><instrDef midi.channel='10o'/></staffDef>", True),
        ("<clef shape='perc'/>", True),
        ("<staffDef/>", None),
    ],
)
def test_a_staff_of_percussion_says_so(element: str, drums: bool | None) -> None:
    assert is_drums(ElementTree.fromstring(element)) is drums
