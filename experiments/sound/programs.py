"""How much louder does a soundfont play each instrument than its piano?

python -m experiments.sound.programs [soundfont=FluidR3_GM]
Prints a row of LU a family of eight, as `mood2music/render/balance.py` has them.
"""

from dataclasses import dataclass

import numpy as np

from experiments.measuring import measuring
from mood2music.music.notes import make_notes
from mood2music.music.write import Part
from mood2music.render.loudness import loudness
from mood2music.render.sound import RATE, synthesized

# The farthest that is told.
MOST = 8


@dataclass
class Settings:
    """soundfont: as `render.soundfont`."""

    soundfont: str | None


@measuring
def main(asked: Settings) -> None:
    """Play a scale on each program."""
    found = [louder(program, asked.soundfont) for program in range(128)]
    for first in range(0, 128, 8):
        print(*found[first : first + 8], sep=", ")


def louder(program: int, soundfont: str | None = None) -> int:
    """Loudness in whole LU above the piano's, MOST at most; 0 where nothing sounds."""
    apart = alone(program, soundfont) - alone(0, soundfont)
    return int(np.clip(np.rint(apart), -MOST, MOST)) if np.isfinite(apart) else 0


def alone(program: int, soundfont: str | None) -> float:
    """Loudness of a whole-tone scale from C4 to C6 in eighths, in LUFS."""
    pitches = np.arange(60, 85, 2)
    steps = np.full(len(pitches), 12)
    scale = make_notes(np.arange(len(pitches)) * 12, steps, pitches, steps * 0 + 80)
    return loudness(synthesized([Part("", program, scale, reverb=0)], soundfont), RATE)


if __name__ == "__main__":
    main()
