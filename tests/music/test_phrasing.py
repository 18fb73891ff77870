import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.phrasing import STYLES, Early, anticipated, in_eighths
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


@pytest.mark.parametrize("signature", [(2, 4), (2, 2), (4, 4)])
def test_a_reel_in_sixteenths_is_one_in_eighths_that_sounds_alike(
    signature: tuple[int, int],
) -> None:
    onset = 12 + np.arange(64) * 6
    meter = (TimeSignature(-36, *signature),)
    reel = make_notes(onset, [6] * 64, 60 + np.arange(64) % 12, [80] * 64, 104, meter=meter)
    found = in_eighths(reel)
    assert found.meter == (TimeSignature(-72, 4, 4),)
    assert found.pitch.tolist() == reel.pitch.tolist()
    assert set(np.diff(found.onset).tolist()) == {12}
    assert (found.onset / found.tempo).tolist() == (reel.onset / reel.tempo).tolist()
    assert (found.duration / found.tempo).tolist() == (reel.duration / reel.tempo).tolist()
    assert in_eighths(found) is found


@pytest.mark.parametrize(
    ("step", "meter"),
    [
        (12, (TimeSignature(0, 2, 4),)),  # eighths
        (6, (TimeSignature(0, 3, 4),)),  # no two bars of 4/4
        (6, (TimeSignature(0, 2, 4), TimeSignature(96, 6, 8))),
        (6, ()),
    ],
)
def test_other_tunes_keep_their_note_values(step: int, meter: tuple[TimeSignature, ...]) -> None:
    notes = make_notes(np.arange(40) * step, [step] * 40, [72] * 40, [80] * 40, meter=meter)
    assert in_eighths(notes) is notes
    nothing = make_notes([], [], [], [], meter=meter)
    assert in_eighths(nothing) is nothing
