import numpy as np
import pytest

from mood2music.music.meter import from_text
from mood2music.music.notes import make_notes
from mood2music.music.swing import (
    can_swing,
    is_straight,
    ratio_in,
    said,
    straightened,
    swung,
    usual_ratio,
)


def test_the_second_eighth_is_late_and_other_beats_stand() -> None:
    # A beat of two eighths, one with a sixteenth more, one of triplets, one with its release alone.
    onsets = np.array([0, 240, 480, 720, 840, 960, 1120, 1280, 1440])
    moved = swung(onsets, onsets, 480, 2.0).tolist()
    assert moved == [0, 320, 480, 720, 840, 960, 1120, 1280, 1440]
    assert swung(np.array([1680]), onsets, 480, 2.0).tolist() == [1760]
    assert swung(np.array([241]), onsets, 480, 2.0).tolist() == [241], "beside the half"
    assert swung(onsets, onsets, 480, 1.0).tolist() == onsets.tolist()


@pytest.mark.parametrize("ratio", [1.2, 1.5, 2.5])
def test_straightening_undoes_it_though_players_stray(ratio: float) -> None:
    rng = np.random.default_rng(0)
    onsets = np.unique(rng.choice(200, 120)) * 120
    played = swung(onsets, onsets, 480, ratio) + rng.integers(-8, 9, len(onsets))
    back = straightened(played, played, 480, ratio)
    assert (np.rint(back / 20) == onsets / 20).all()


def test_fast_music_swings_less() -> None:
    assert [usual_ratio(tempo) for tempo in (60, 180, 239)] == [1.5, 1.5, 1.5]
    assert usual_ratio(270) == pytest.approx(60 / 27 - 1)
    assert usual_ratio(320) == 1.0


def test_music_in_threes_does_not_swing_and_what_is_written_swung_is_no_straight_music() -> None:
    assert can_swing(from_text("0:4/4 96:3/4"), 24)
    assert can_swing((), 24)
    assert not can_swing(from_text("0:6/8"), 24)
    assert not can_swing(from_text("-30:4/4"), 24)
    straight = make_notes([0, 12, 24, 36], [12] * 4, [60, 62, 64, 65], [80] * 4)
    late = make_notes([0, 16, 24, 40], [8] * 4, [60, 62, 64, 65], [80] * 4)
    assert is_straight(straight)
    assert not is_straight(late)


def test_a_file_says_its_ratio_and_nothing_else_is_taken_for_one() -> None:
    assert ratio_in(said(1.5)) == 1.5
    assert [ratio_in(text) for text in ("swing 1", "swing 9", "Swing 1.5", "swing", "")] == [
        None
    ] * 5
