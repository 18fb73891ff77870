from mood2music.music.meter import TimeSignature
from mood2music.render.bars import Bars
from mood2music.render.beams import beam

START, ON, STOP = ("start", None), ("continue", None), ("stop", None)


def test_two_eighths_of_a_beat_share_a_beam() -> None:
    assert beam([(0, 12), (12, 12)]) == [[START], [STOP]]


def test_four_sixteenths_share_two_beams() -> None:
    notes = [(at, 6) for at in (0, 6, 12, 18)]
    assert beam(notes) == [[START, START], [ON, ON], [ON, ON], [STOP, STOP]]


def test_a_beam_ends_at_the_beat() -> None:
    assert beam([(12, 12), (24, 12), (36, 12)]) == [[], [START], [STOP]]


def test_plain_eighths_share_a_beam_in_halves_of_four_quarters_and_in_all_of_two_and_three() -> (
    None
):
    four = [[START], [ON], [ON], [STOP]]
    eighths = [(12 * i, 12) for i in range(8)]
    assert beam(eighths) == four * 2
    assert beam(eighths[:4], Bars((TimeSignature(0, 2, 4),))) == four
    six = [[START], *[[ON]] * 4, [STOP]]
    assert beam(eighths[:6], Bars((TimeSignature(0, 3, 4),))) == six
    # Over the middle of a bar, beside sixteenths and behind a rest a beat has its own.
    assert beam(eighths[2:6]) == [[START], [STOP]] * 2
    assert beam([(0, 12), (12, 12), (24, 12), (36, 6), (42, 6)])[:3] == [[START], [STOP], [START]]
    assert beam([(12, 12), (24, 12), (36, 12)]) == [[], [START], [STOP]]


def test_a_rest_breaks_the_beam() -> None:
    assert beam([(0, 6), (6, 6), (18, 6)]) == [[START, START], [STOP, STOP], []]


def test_a_lone_sixteenth_gets_a_stub_towards_its_neighbour() -> None:
    assert beam([(0, 18), (18, 6)]) == [[START], [STOP, ("partial", "left")]]
    assert beam([(0, 6), (6, 18)]) == [[START, ("partial", "right")], [STOP]]


def test_quarters_and_quarters_of_triplets_have_no_beam() -> None:
    assert beam([(0, 24), (24, 16), (40, 8)]) == [[], [], []]


def test_triplets_are_joined() -> None:
    assert beam([(0, 8), (8, 8), (16, 8)]) == [[START], [ON], [STOP]]


def test_three_eighths_of_a_dotted_beat_are_beamed() -> None:
    bars = Bars((TimeSignature(-60, 6, 8),))
    eighths = [(12 * i, 12) for i in range(7)]
    assert beam(eighths, bars) == [[], [START], [ON], [STOP], [START], [ON], [STOP]]
