import pytest

from mood2music.music.meter import from_text
from mood2music.music.notes import Notes, make_notes
from mood2music.render.drumming import CRASH, HAT, KICK, PEDAL_HAT, SNARE, Kit, drummed


def bars(meter: str, length: int, count: int = 4) -> Notes:
    """A note on each bar line, and one that fills the last bar."""
    onset = [length * i for i in range(count)]
    notes = make_notes(onset, [length] * count, [60] * count, [80] * count)
    return make_notes(onset, notes.duration, notes.pitch, notes.velocity, meter=from_text(meter))


def struck(strokes: Notes, key: int, begin: int, end: int) -> list[int]:
    """Steps from `begin` at which a stroke falls before `end`."""
    return [int(on) - begin for on, pitch in zip(strokes.onset, strokes.pitch, strict=True)
            if pitch == key and begin <= on < end]  # fmt: skip


def test_sticks_play_the_backbeat_in_four_and_a_waltz_in_three() -> None:
    four = drummed(bars("0:4/4", 96), Kit.STICKS)
    assert struck(four, KICK, 96, 192) == [0, 48]
    assert struck(four, SNARE, 96, 192) == [24, 72]
    assert struck(four, HAT, 96, 192) == list(range(0, 96, 12))
    three = drummed(bars("0:3/4", 72), Kit.STICKS)
    assert struck(three, KICK, 72, 144) == [0]
    assert struck(three, SNARE, 72, 144) == [24, 48]


def test_brushes_close_the_hi_hat_on_two_and_four() -> None:
    strokes = drummed(bars("0:4/4", 96), Kit.BRUSHES)
    assert struck(strokes, PEDAL_HAT, 0, 96) == [24, 72]


def test_six_eight_has_two_beats_and_a_bar_of_five_is_filled() -> None:
    six = drummed(bars("0:6/8", 72), Kit.STICKS)
    assert struck(six, KICK, 72, 144) == [0]
    assert struck(six, SNARE, 72, 144) == [36]
    assert struck(six, HAT, 72, 144) == [0, 12, 24, 36, 48, 60]
    five = drummed(bars("0:5/4", 120), Kit.STICKS)
    assert struck(five, KICK, 120, 240) == [0, 48, 96]


def test_they_wait_for_the_first_whole_bar_and_end_with_the_last_note() -> None:
    strokes = drummed(bars("-48:4/4", 48, 5), Kit.STICKS)
    assert int(strokes.onset.min()) == 48
    assert int(strokes.onset.max()) == 192


def test_a_new_part_of_the_form_is_led_into() -> None:
    strokes = drummed(bars("0:4/4", 96), Kit.STICKS, sections=[0, 192])
    assert struck(strokes, CRASH, 0, 384) == [192]
    assert struck(strokes, SNARE, 96, 192) == [24]


def test_music_without_a_meter_has_no_drums() -> None:
    assert len(drummed(make_notes([0, 96], [24] * 2, [60] * 2, [80] * 2), Kit.STICKS)) == 0


@pytest.mark.parametrize("kit", list(Kit))
def test_drums_are_as_loud_as_the_piece(kit: Kit) -> None:
    notes = bars("0:4/4", 96)
    soft = make_notes(notes.onset, notes.duration, notes.pitch, [30] * 4, meter=notes.meter)
    loud = drummed(notes, kit).velocity.mean()
    assert drummed(soft, kit).velocity.mean() == pytest.approx(loud * 30 / 80, rel=0.05)
