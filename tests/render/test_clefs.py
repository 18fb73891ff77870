import numpy as np
import pytest

from mood2music.render.clefs import clefs, solo_clef

G, HIGH, F, LOW = "G2", "treble8va", "F4", "bass8vb"


@pytest.mark.parametrize(
    ("staff", "bars", "expected"),
    [
        ("right", [[60, 84], [72], []], [G, G, G]),
        ("right", [[96], [98, 84], [79], [70]], [HIGH, HIGH, HIGH, G]),
        ("right", [[60], [100], [60]], [G, G, G]),
        ("left", [[38], [35], [33], [33, 55]], [F, F, F, F]),  # two bars are not worth two clefs
        ("right", [[90], [], [90]], [HIGH, HIGH, HIGH]),
        ("left", [[24], [30, 40], [44], [50]], [LOW, LOW, LOW, F]),
        ("left", [[40, 41], [38, 52]], [F, F]),
        ("left", [[40], [40, 43]], [F, F]),  # one ledger line is read easily
        ("left", [], []),
    ],
)
def test_a_clef_changes_where_the_music_stays_far_outside(
    staff: str, bars: list[list[int]], expected: list[str]
) -> None:
    assert clefs(bars, staff) == expected


@pytest.mark.parametrize(
    ("program", "pitch", "clef"),
    [
        (42, [43, 55, 60], "left"),
        (42, [55, 60, 65], "left"),  # F4 for a moment: two ledger lines
        (42, [57, 60, 64, 67, 71], "tenor"),  # A3 to B4
        (42, [62, 67, 71, 76], "right"),
        (43, [57, 60, 64, 67, 71], "right"),  # a contrabass has no tenor clef here
        (40, [55, 57], "right"),
    ],
)
def test_a_soloist_reads_the_clef_that_a_tune_lies_in(
    program: int, pitch: list[int], clef: str
) -> None:
    assert solo_clef(np.array(pitch), program) == clef


def test_a_tenor_clef_stays() -> None:
    assert clefs([[60], [71], []], "tenor") == ["C4"] * 3
