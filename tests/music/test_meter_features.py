import numpy as np

from mood2music.music.meter_candidates import PHASE, WHICH
from mood2music.music.meter_features import edges, fits
from mood2music.music.meter_signals import hear
from mood2music.music.notes import make_notes


def waltz(bars: int, pickup: int = 0) -> tuple[list[int], list[int], list[int], list[int]]:
    """A low bass on one, chords on two and three, a half note and a quarter above them."""
    rows = []
    for bar in range(bars):
        start = pickup + 72 * bar
        root = (36, 43, 41, 36)[bar % 4]
        rows += [(start, 24, root, 90)]
        rows += [(start + beat, 20, root + up, 60) for beat in (24, 48) for up in (16, 19, 24)]
        rows += [(start, 48, root + 36, 80), (start + 48, 24, root + 40, 70)]
    onset, duration, pitch, velocity = zip(*rows, strict=True)
    return list(onset), list(duration), list(pitch), list(velocity)


def test_a_waltz_is_deepest_and_most_alike_where_its_bars_are() -> None:
    heard = hear(make_notes(*waltz(16, pickup=24)))
    assert (heard.onsets[-1], heard.end) == (4 + 16 * 12 - 4, 4 + 16 * 12)
    assert np.allclose(heard.signals.mean(1), 0)
    found = fits(heard, [(0, heard.end)])[0]
    three = found[WHICH == 1]
    low = 6 * 7  # the seventh signal, how low a struck bass is, of the downbeat
    assert PHASE[WHICH == 1][three[:, low].argmax()] == 4
    lag = len(heard.signals) * 7 + 5 + 3  # harmony one bar later
    assert three[0, lag] > found[WHICH == 2][0, lag]


def test_a_passage_is_measured_as_if_it_were_all_at_its_own_place() -> None:
    heard = hear(make_notes(*waltz(16)))
    spans = [(0, heard.end), (24, 120), (36, 132)]
    whole, first, second = fits(heard, spans)
    assert whole.shape == first.shape == (len(WHICH), whole.shape[1])
    # Three quarters later a waltz is the same, where its bars are counted from step 0.
    folded = len(heard.signals) * 7
    three = WHICH == 1
    assert np.allclose(first[three, :folded], second[three, :folded], atol=0.6)
    assert not np.allclose(first[three, :folded], np.roll(first[three, :folded], 1, 0), atol=0.6)


def test_passages_that_return_are_found_and_whole_bars_lie_between() -> None:
    heard = hear(make_notes(*waltz(16)))
    everything, steps, rhythm = heard.returns
    # Bars go by fours, so all from the fifth on stood there four bars before.
    assert everything.tolist() == [[48, 48, 140]]
    assert steps[0].tolist()[1:] == [48, 136]
    assert rhythm.tolist() == [[4, 4, 184]]  # quarters throughout
    assert np.argmax(heard.signals[-3]) == 48
    found = fits(heard, [(0, heard.end)])[0]
    first = len(heard.signals) * 7 + 8 * 5  # behind the roles and the likeness at eight distances
    whole = found[:, first : first + 5]  # of half a bar, one, two, four, eight
    assert np.allclose(whole[WHICH == 1], [140 / 144] * 4 + [0])
    assert np.allclose(whole[WHICH == 8], 0)  # 48 are no five quarters


def test_beginning_and_end_speak_for_their_bar_lines() -> None:
    heard = hear(make_notes(*waltz(8)))
    found = edges(heard)
    at_zero = found[(WHICH == 1) & (PHASE == 0)][0]
    assert at_zero[:3].tolist() == [1, 1, 0]
    assert at_zero[3] == 1  # the first note is a downbeat
    assert at_zero[16:].tolist() == [1] * 8 + [3]  # eight whole bars
    pickup = found[(WHICH == 1) & (PHASE == 4)][0]
    assert pickup[13:16].tolist() == [0, 1, 0]  # a third of a bar before the first bar line


def test_what_is_cut_off_at_the_beginning_counts_for_nothing() -> None:
    whole = hear(make_notes(*waltz(8)))
    onset, duration, pitch, velocity = waltz(7)
    later = hear(make_notes(onset, duration, pitch, velocity))
    three = WHICH == 1
    cut = edges(whole, begin=12)[three]
    assert np.array_equal(cut, edges(later)[three])


def test_bar_lines_are_counted_from_what_counts_as_the_beginning() -> None:
    heard = hear(make_notes(*waltz(8)))
    three = edges(heard, begin=16)[WHICH == 1]
    assert PHASE[WHICH == 1][three[:, 0] == 1].tolist() == [4], "four bins are a quarter note"
    assert three[0, 13:16].tolist() == [0, 0, 1], "a bar line two quarters on"
    assert three[0, -1] == np.log2(6), "bars from the line at bin 24"


def test_one_note_can_be_measured() -> None:
    heard = hear(make_notes([0], [24], [60], [80]))
    assert np.isfinite(fits(heard, [(0, heard.end)])).all()
    assert np.isfinite(edges(heard)).all()
