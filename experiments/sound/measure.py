"""How wide, bright and loud is the sound of a piece, in which room, and how loud is each part?

python -m experiments.sound.measure [rooms=[0,0.5,1]] [soundfont=FluidR3_GM]
Prints a row a piece and room, then the parts, then the rooms; writes result.csv beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from experiments.gallery.make import settings_of
from experiments.measuring import measuring, write_rows
from mood2music.flow.pipeline import compose
from mood2music.render.loudness import Samples, loudness, true_peaks
from mood2music.render.performance import Performance
from mood2music.render.room import AIR, octaves, response
from mood2music.render.sound import RATE, as_mp3, render_sound, synthesized
from mood2music.render.stage import staged

# Frames whose spectrum is taken at once.
WINDOW = 1 << 13


@dataclass
class Settings:
    """soundfont: as `render.soundfont`; rooms: as `render.room`; pieces: by name settings of
    `generate`.
    """

    soundfont: str | None
    rooms: list[float]
    pieces: dict[str, dict[str, Any]]


@measuring
def main(asked: Settings) -> None:
    """Measure each piece in each room, the parts of each, and the rooms themselves."""
    rows, parts = [], []
    for name, words in asked.pieces.items():
        played = compose(settings_of(words)).played()
        for room in asked.rooms:
            begun = process_time()
            samples = render_sound(played, asked.soundfont, room=room)
            spent = process_time() - begun
            size = len(as_mp3(samples)) / 1000
            told = {"seconds": f"{spent:.2f}", "kB": f"{size:.0f}", **measured(samples)}
            rows.append({"piece": name, "room": room, **told})
        parts.append((name, part_levels(played, asked.soundfont)))
    write_rows(Path(__file__).with_name("result.csv"), rows)
    for row in rows:
        print("  ".join(map(str, row.values())))
    for name, levels in parts:
        print(name, {part: round(level, 1) for part, level in levels.items()})
    for room in filter(None, asked.rooms):
        print(room, {hertz: f"{s:.2f} s" for hertz, s in reverberation(room).items()})
        print(room, f"clarity C80 {clarity(room):.1f} dB")


def measured(samples: Samples) -> dict[str, str]:
    """What is told of (frames, 2): loudness, peak, width, and each octave's share in dB."""
    peak = 20 * np.log10(true_peaks(samples).max())
    row = {
        "LUFS": f"{loudness(samples, RATE):.1f}",
        "peak": f"{peak:.1f}",
        "correlation": f"{np.corrcoef(*samples.T)[0, 1]:.2f}",
        "one_channel": f"{lost_in_one_channel(samples):.2f}",
    }
    return row | {f"{hertz} Hz": f"{level:.0f}" for hertz, level in spectrum(samples).items()}


def lost_in_one_channel(samples: Samples) -> float:
    """Energy of the mean of both channels beside theirs, in dB: 0 where they agree."""
    return float(10 * np.log10((samples.mean(1) ** 2).sum() / ((samples**2).sum() / 2)))


def spectrum(samples: Samples) -> dict[int, float]:
    """Energy of each octave of AIR and one above, in dB beside all, by its middle in Hz."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW, axis=0)[:: WINDOW // 2]
    shaped = np.fft.rfft(windows * np.hanning(WINDOW).astype(np.float32))
    power = (np.abs(shaped) ** 2).sum((0, 1))
    shares = octaves(np.fft.rfftfreq(WINDOW, 1 / RATE))
    middles = [*AIR, 2 * max(AIR)]
    return {
        hertz: float(10 * np.log10((power * share).sum() / power.sum()))
        for hertz, share in zip(middles, shares, strict=True)
    }


def part_levels(played: Performance, soundfont: str | None) -> Mapping[str, float]:
    """Loudness of each part alone in LU beside the first, as they are mixed."""
    placed = staged(played.parts, 0.5, soundfont is None)
    found = {}
    for name in dict.fromkeys(part.name for part in placed):
        alone = [part for part in placed if part.name == name]
        found[name] = loudness(synthesized(alone, soundfont), RATE)
    return {name: level - next(iter(found.values())) for name, level in found.items()}


def reverberation(room: float) -> dict[int, float]:
    """Seconds in which each octave of a room's answer falls by 60 dB, from its fall by 5 to 25 dB.

    By Schroeder's integral, as ISO 3382 measures halls.
    """
    answer = response(room, RATE)
    shares = octaves(np.fft.rfftfreq(len(answer), 1 / RATE))
    found = {}
    for hertz, share in zip(AIR, shares, strict=False):
        heard = np.fft.irfft(np.fft.rfft(answer.T) * share, len(answer))
        left = (heard**2).sum(0)[::-1].cumsum()[::-1]
        fallen = 10 * np.log10(left / left[0])
        found[hertz] = 3 * float(np.argmax(fallen < -25) - np.argmax(fallen < -5)) / RATE
    return found


def clarity(room: float) -> float:
    """Energy of the direct sound and the first 80 ms beside what comes later, in dB."""
    energy = (response(room, RATE) ** 2).mean(1)
    early = round(0.08 * RATE)
    return float(10 * np.log10((1 + energy[:early].sum()) / energy[early:].sum()))


if __name__ == "__main__":
    main()
