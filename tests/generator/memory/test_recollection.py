from mood2music.generator.memory.kinds import MELODY, MOVED, POINTED, SAME
from mood2music.generator.memory.recollection import NOTHING, Recollection


def test_it_recalls_in_the_order_of_its_kinds() -> None:
    asked = []

    def point(step: int) -> tuple[tuple[int, ...], int, int]:
        asked.append(step)
        return (70,), 6, 4

    recollection = Recollection([POINTED, SAME], point)
    for i, pitch in enumerate([60, 62, 60]):
        recollection.add(((pitch,), 12), 12 * i)
    assert recollection.recalled() == [((70,), 6, 4), ((62,), 12, 1)]
    assert asked == [36]


def test_a_pitch_that_a_transposition_would_take_off_the_keyboard_is_left_out() -> None:
    recollection = Recollection([MOVED])
    tune = [(100, 110), (101, 111), (102, 112), (100, 127)]
    for start, chord in enumerate(tune):
        recollection.add((chord, 12), 12 * start)
    for start, chord in enumerate(tune[:3], start=4):
        recollection.add((tuple(pitch + 5 for pitch in chord), 12), 12 * start)
    assert recollection.recalled() == [((105,), 12, 3)]


def test_nothing_is_recalled_at_the_beginning() -> None:
    recollection = Recollection([SAME, MOVED, MELODY])
    recollection.add(((60,), 12), 0)
    assert recollection.recalled() == [NOTHING] * 3
