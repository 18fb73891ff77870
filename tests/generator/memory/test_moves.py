from mood2music.generator.memory.moves import DEGREES, MOVES, SEMITONES


def moved(pitches: list[int], row: int) -> list[int]:
    return MOVES[row][pitches].tolist()


def test_the_first_move_leaves_all_where_they_are() -> None:
    assert moved([0, 60, 127], 0) == [0, 60, 127]


def test_semitones_keep_intervals() -> None:
    assert moved([60, 64, 67], 1 + SEMITONES.index(5)) == [65, 69, 72]
    assert moved([120, 3], 1 + SEMITONES.index(12)) == [-1, 15], "above 127 is nowhere"


def test_degrees_stay_in_the_scale() -> None:
    up = 1 + len(SEMITONES) + DEGREES.index(1)
    # C D E F G A B C, a step higher, and what is raised stays raised.
    assert moved([60, 62, 64, 65, 67, 69, 71, 72], up) == [62, 64, 65, 67, 69, 71, 72, 74]
    assert moved([61], up) == [63]
    assert moved([60], 1 + len(SEMITONES) + DEGREES.index(-1)) == [59]
