"""A voice becomes values that a bar holds, with rests, ties, colours and names."""

from mood2music.render.bars import BEAT, Bars
from mood2music.render.notated import Value, by_bar, fill, joined
from mood2music.render.staves import Chord

BAR = 4 * BEAT


def test_what_lasts_over_a_bar_line_is_tied_and_silence_is_written() -> None:
    bars = Bars(())
    voice = [Chord(BEAT, BAR + BEAT, (60,))]
    filled = fill(voice, 0, 2 * BAR, {}, {(BEAT, 60): ("#d55e00", 1)}, bars)
    sounding = [value for value in filled if value.pitches]
    assert sum(value.length for value in sounding) == BAR
    assert [value.start for value in sounding if value.start >= BAR] == [BAR]
    assert (sounding[0].tied_from, sounding[0].tied_on) == (False, True)
    assert (sounding[-1].tied_from, sounding[-1].tied_on) == (True, False)
    assert {value.looks for value in sounding} == {(("#d55e00", 1),)}
    assert filled[0] == Value(0, BEAT)
    ends = [value.start + value.length for value in filled]
    assert [value.start for value in filled] == [0, *ends[:-1]]
    assert ends[-1] == 2 * BAR


def test_a_bar_in_which_a_voice_rests_is_left_out() -> None:
    bars = Bars(())
    looks = {(2 * BAR, 60): ("", 1), (2 * BAR, 64): ("", 5)}
    filled = fill([Chord(2 * BAR, 2 * BAR + BEAT, (60, 64))], 0, 3 * BAR, {}, looks, bars)
    sorted_ = by_bar(filled, bars)
    assert list(sorted_) == [2 * BAR]
    assert sorted_[2 * BAR][0].pitches == (60, 64)


def test_two_voices_that_never_sound_at_once_are_one_in_that_bar() -> None:
    bars = Bars(())
    # A note held over the bar line in the second voice, the tune behind it in the first.
    first = [Chord(0, BAR, (72,)), Chord(BAR + BEAT, BAR + 2 * BEAT, (74,))]
    second = [Chord(3 * BEAT, BAR + BEAT, (64,))]
    looks = {(chord.start, chord.pitches[0]): ("", 0) for chord in first + second}
    voices = [by_bar(fill(v, 0, 2 * BAR, {}, looks, bars), bars) for v in (first, second)]
    one, other = joined(voices, {}, bars)
    assert one[0] == voices[0][0]
    assert list(other) == [0]
    told = [(value.start - BAR, value.length, value.pitches) for value in one[BAR]]
    rests = [(2 * BEAT, 2 * BEAT, ())]
    assert told == [(0, BEAT, (64,)), (BEAT, BEAT, (74,)), *rests]
    assert joined(voices[:1], {}, bars) == voices[:1]


def test_what_sounds_alone_of_the_second_voice_is_written_in_the_first() -> None:
    bars = Bars(())
    # Held over the bar line in the second voice, which sounds below the first behind that.
    first = [Chord(BAR + BEAT, BAR + 4 * BEAT, (72,))]
    second = [Chord(3 * BEAT, BAR + BEAT, (64,)), Chord(BAR + 2 * BEAT, BAR + 3 * BEAT, (60,))]
    looks = {(chord.start, chord.pitches[0]): ("", 0) for chord in first + second}
    voices = [by_bar(fill(v, 0, 2 * BAR, {}, looks, bars), bars) for v in (first, second)]
    one, other = joined(voices, {}, bars)
    told = [(value.start - BAR, value.length, value.pitches) for value in one[BAR]]
    assert told == [(0, BEAT, (64,)), (BEAT, 3 * BEAT, (72,))]
    told = [(value.start - BAR, value.pitches) for value in other[BAR]]
    assert told == [(0, ()), (2 * BEAT, (60,)), (3 * BEAT, ())]
