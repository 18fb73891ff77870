"""Takes what another program played from a written tune, a MIDI file, back to what is written."""

from collections.abc import Sequence

import numpy as np

from mood2music.music.formats.midi import parse_midi
from mood2music.music.meter import TimeSignature, of_bars
from mood2music.music.notes import Notes, make_notes
from mood2music.music.written import VELOCITY


def as_written(
    midi: bytes,
    name: str,
    ticks: int,
    grid: int,
    title: str,
    late: int = 0,
    bars: Sequence[TimeSignature] = (),
) -> Notes:
    """Read the bytes of a MIDI file with `ticks` a quarter note onto `grid`, all equally loud.

    late: ticks by which the player begins each note behind its written place; bars: of each bar its
    signature and the tick that it begins at. Raises MusicFileError as `parse_midi` does.
    """
    played = parse_midi(midi, name, ticks)
    start = played.onset - late
    end = played.onset + played.duration
    onset, release = (np.rint(at / ticks * grid).astype(np.int64) for at in (start, end))
    edges = [*(round(bar.step / ticks * grid) for bar in bars), int(release.max())]
    spans = zip(edges, edges[1:], (bar[1:] for bar in bars), strict=False)
    meter = of_bars(list(spans), grid)
    velocity = np.full(len(played), VELOCITY)
    return make_notes(
        onset,
        release - onset,
        played.pitch,
        velocity,
        played.tempo,
        grid,
        title,
        played.drums,
        meter,
    )
