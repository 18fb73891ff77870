"""Says how much louder the shipped soundfont plays an instrument than its piano.

The levels of a band are made for a piano. A vibraphone in its place would drown the others.
"""

# Loudness of each General MIDI program on TimGM6mb in LU above its piano's, a whole-tone scale
# from C4 to C6 in eighths (`python -m experiments.sound.programs`); as near as 8 where it is
# farther, which only effects are, and 0 where nothing sounds.
LOUDER = (
    0, 0, 1, 2, 5, 1, 0, 3, 1, 0, 4, 7, -1, -5, 7, 0,  # pianos, bars and bells
    3, 1, 2, 1, 5, 3, 4, 1, 3, 0, 5, -2, 1, 3, 5, 6,  # organs, guitars
    1, 4, 1, 3, 5, -4, 3, 4, 6, 6, 6, 5, 3, -1, 8, -1,  # basses, strings
    3, -1, 0, 2, 2, 3, 3, 5, 4, 2, 3, -1, 8, 0, 4, 4,  # ensembles, brass
    5, 6, 3, 0, 6, 4, 2, 4, 5, 5, 4, 3, 2, 4, 6, 8,  # reeds, pipes
    6, 5, 6, 5, 7, 8, 5, 6, 5, -8, 2, 6, 1, -4, 1, -3,  # synthesizers
    6, 6, 6, 5, 7, -8, 6, 6, 0, 3, -2, 4, 3, 6, 5, 5,  # their effects, instruments of the world
    1, -4, 1, -5, 4, -4, 4, -8, -4, -8, 6, -1, 2, -8, -8, -2,  # percussion, noises
)  # fmt: skip


def balanced(level: int, program: int) -> float:
    """Give the channel volume at which a program is as loud as the piano at `level`.

    The gain of a channel goes with the square of its volume (General MIDI 2, controller 7).

    >>> balanced(100, 0), round(balanced(100, 11))
    (100.0, 67)
    """
    return float(level * 10 ** (-LOUDER[program] / 40))
