"""Are our likelihoods those of the package basic-pitch?

    python -m experiments.audio_notes.compare step=sound file=minute.wav
    python -m experiments.audio_notes.compare step=ours file=minute.wav

The first renders a minute of Mozart's K. 80; the README has the lines that write minute.npz beside
it where basic-pitch is installed; the second compares.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from mood2music.errors import SettingsError


def sound(path: Path) -> None:
    """Render the piece and write it as WAV at the network's rate."""
    import soundfile

    from mood2music.audio import sound as ours
    from mood2music.music.read import read_corpus
    from mood2music.render.sound import RATE, render_sound

    played = render_sound(read_corpus("mozart/k80/movement1.mxl"), room=0)[: 60 * RATE]
    mono = ours.resample(played.mean(axis=1), RATE)
    soundfile.write(path, mono, ours.RATE, subtype="FLOAT")


def ours(path: Path) -> None:
    """Print the largest difference in the first window, and the correlation over all."""
    from mood2music.audio.network import KEPT, SECONDS, hear
    from mood2music.audio.sound import read_sound

    heard, other = hear(read_sound(path)), np.load(path.with_suffix(".npz"))
    for name in ("frame", "onset"):
        mine = getattr(heard, name)
        first = np.abs(mine[:KEPT] - other[name][:KEPT]).max()
        at = np.arange(len(mine)) * SECONDS
        moved = np.stack([np.interp(other["times"], at, column) for column in mine.T], axis=1)
        alike = np.corrcoef(moved.ravel(), other[name].ravel())[0, 1]
        print(f"{name}: first window at most {first:g} away, correlation {alike:.4f}")


STEPS = {"sound": sound, "ours": ours}


@dataclass
class Settings:
    """step: of STEPS; file: the sound."""

    step: str
    file: Path

    def check(self) -> None:
        """Raise SettingsError for another step."""
        if self.step not in STEPS:
            raise SettingsError(f"step={self.step}: expected one of {', '.join(STEPS)}")


@measuring
def main(settings: Settings) -> None:
    """Take one step of the comparison."""
    STEPS[settings.step](settings.file)


if __name__ == "__main__":
    main()
