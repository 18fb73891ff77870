import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.phrasing import STYLES, Early, anticipated
from tests.music.test_accompaniment import LENGTHS, TWINKLE, tune


@pytest.mark.parametrize(("style", "by"), [("jazz", 12), ("pop", 6)])
def test_a_share_of_the_notes_that_may_come_a_part_of_a_quarter_early(style: str, by: int) -> None:
    straight = tune(TWINKLE * 4, LENGTHS * 4)
    found = anticipated(straight, STYLES[style])
    assert found.pitch.tolist() == straight.pitch.tolist()
    early = straight.onset - found.onset
    assert set(early.tolist()) == {0, by}
    assert early[0] == 0
    assert abs((early > 0).mean() - STYLES[style].share) < 0.15
    assert (found.onset + found.duration <= np.append(found.onset[1:], found.end)).all()
    # Those that are kept end where the next one begins, the others last so much longer.
    assert found.end == straight.end
    again = anticipated(straight, STYLES[style])
    assert again.onset.tolist() == found.onset.tolist(), "the same ones always"


@pytest.mark.parametrize(
    ("lengths", "meter"),
    [
        ([12] * 16, ()),  # quick notes
        ([12, 24] * 8, (TimeSignature(0, 6, 8),)),  # beats of three parts
        ([24, 12, 12] * 5, ()),  # nothing is as long before and behind
    ],
)
def test_quick_notes_and_beats_of_three_parts_stay(
    lengths: list[int], meter: tuple[TimeSignature, ...]
) -> None:
    onset = np.cumsum([0, *lengths[:-1]])
    notes = make_notes(onset, lengths, [72] * len(lengths), [80] * len(lengths), meter=meter)
    assert anticipated(notes, Early(2, 0.5)).onset.tolist() == onset.tolist()


def test_eighths_come_a_sixteenth_early_only_where_a_quarter_has_four_parts() -> None:
    onset = np.arange(40) * 12
    eighths = make_notes(onset, [12] * 40, [72] * 40, [80] * 40)
    early = (onset - anticipated(eighths, Early(4, 0.5)).onset).tolist()
    assert set(early) == {0, 6}
    assert set((onset - anticipated(eighths, Early(2, 0.5)).onset).tolist()) == {0}


def test_a_note_alone_and_none_stay() -> None:
    for pitches in ([], [60]):
        notes = make_notes([0] * len(pitches), [24] * len(pitches), pitches, [80] * len(pitches))
        assert anticipated(notes, STYLES["pop"]) is notes
