"""What a key signature and a bar's accidentals leave unsaid sounds as a musician reads it."""

import pytest

from tests.music.test_mei import bar, note, read

SHARP = 'accid="s"'


@pytest.mark.parametrize(
    ("section", "scoredef", "pitches"),
    [
        (bar(note("f", 2) + note("c", 2)), 'keysig="1s"', [66, 60]),
        (bar(note("f", 2) + note("c", 2)), 'key.sig="2s"', [66, 61]),
        (bar(note("b", 2) + note("e", 2)), 'key.sig="2f"', [70, 63]),
        (bar(note("f", 2, 'accid="n"') + note("f", 2)), 'keysig="1s"', [65, 65]),
        (bar(note("f", 2, SHARP) + note("f", 2)) + bar(note("f", 1)), "", [66, 66, 65]),
        (bar(note("f", 1, SHARP + ' tie="i"')) + bar(note("f", 1, 'tie="t"')), "", [66]),
        (bar(note("f", 2, SHARP) + note("g", 2)) + bar(note("f", 1)), 'keysig="1f"', [66, 67, 65]),
        (bar(note("c", 2, 'accid="x"') + note("c", 2)), "", [62, 62]),
        (bar(note("f", 1, 'accid.ges="n"')) + bar(note("f", 1)), 'keysig="1s"', [65, 65]),
        (bar(note("f", 1)) + '<scoreDef keysig="1s"/>' + bar(note("f", 1)), "", [65, 66]),
    ],
)
def test_accidentals_sound(section: str, scoredef: str, pitches: list[int]) -> None:
    assert [pitch for _, _, pitch in read(section, scoredef)] == pitches
