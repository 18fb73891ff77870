"""Reads the bytes of a MIDI file into notes: joins the strikes and releases of its tracks.

Every note-on gives a note. Files do not always say where it ends:

- A key struck again before its release ends the note there. Where a channel strikes a key as often
  as it releases it, the first release belongs to the first strike; else a release ends all.
- A note that nothing in its track releases ends where another track releases its key, else it
  sounds to the end of its track.
- "All notes off" and "all sound off" (controllers 120 and 123 to 127) release their channel.

A sustain pedal (controller 64) holds nothing here: a note is as long as its key is down. A file of
this program says that its eighths swing: they are read straight; and which tempo is written where
it is played in several.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from mood2music.errors import MusicFileError
from mood2music.music.formats.midi_tracks import Strike, Track, read_tracks
from mood2music.music.meter import TimeSignature, bar_length, bar_lines, tidy
from mood2music.music.notes import GRID, Notes, make_notes
from mood2music.music.swing import straightened
from mood2music.music.tempo import Tempi, mean_tempo

DRUMS = 9  # General MIDI's channel of drums, counted from 0

# Start and end in ticks, pitch, velocity.
Row = tuple[int, int, int, int]


def parse_midi(content: bytes, name: str, grid: int = GRID) -> Notes:
    """Read the bytes of a MIDI file of format 0 or 1 into notes; drums are counted, not read.

    name: the file's, for errors; grid: steps in a quarter note. Raises MusicFileError, one line,
    for a damaged or truncated file, format 2, SMPTE time, and one without pitched notes.
    """
    ticks, tracks = read_tracks(content, name)
    drums = sum(velocity > 0 and _is_drum(key) for t in tracks for _, key, velocity in t.strikes)
    rows = _rows(tracks)
    if not rows:
        reason = "holds drums only" if drums else "holds no notes"
        raise MusicFileError(f"{name} {reason}: expected pitched notes")
    start, end, pitch, velocity = np.array(rows, np.int64).T
    keys = [key for track in tracks for key in track.keys if key[0] <= start.min()]
    swing = next((track.swing for track in tracks if track.swing), None)
    if swing is not None:
        end = straightened(end, start, ticks, swing)
        start = straightened(start, start, ticks, swing)
    scale = grid / ticks
    onset = np.rint(start * scale).astype(np.int64)
    release = np.rint(end * scale).astype(np.int64)
    tempos = [(tick / ticks, tempo) for track in tracks for tick, tempo in track.tempos]
    signatures = [
        s._replace(step=round(s.step * scale)) for track in tracks for s in track.signatures
    ]
    notes = make_notes(
        onset,
        release - onset,
        pitch,
        velocity,
        _written(tracks, tempos) or mean_tempo(tempos, int(end.max()) / ticks),
        grid,
        drums=drums,
        meter=tidy(_from_the_first_bar(signatures, grid), int(release.max()), grid),
    )
    first = min(keys, key=lambda key: key[0], default=None)
    return replace(notes, stated_key=first and first[1])


def way_in(content: bytes, name: str, notes: Notes) -> Tempi:
    """Give the tempi of bars that a file of this program plays its notes in; () for one tempo.

    notes: what `parse_midi` read of it, whose bars they are. From the first bar on in which the
    tempo changes, a ritardando, that of the bar before holds. () for files of other programs.
    """
    ticks, tracks = read_tracks(content, name)
    marks = sorted((tick, tempo) for track in tracks for tick, tempo in track.tempos)
    if _written(tracks, marks) is None:
        return ()
    steps = [round(tick * notes.grid / ticks) for tick, _ in marks]
    way: list[tuple[int, float]] = []
    lines = bar_lines(notes.meter, notes.end - 1, notes.grid).clip(0).tolist()
    for begin, end in pairwise([*lines, notes.end]):
        if any(begin < step < end for step in steps):
            break
        way.append((begin, round(marks[bisect_right(steps, begin) - 1][1], 2)))
    return way if len({tempo for _, tempo in way}) > 1 else ()


def _written(tracks: Sequence[Track], tempos: Sequence[tuple[float, float]]) -> float | None:
    """The tempo that is said to be written, unless all that it is played in lie on one side of it.

    Then another program has set them since.
    """
    said = next((track.tempo for track in tracks if track.tempo is not None), None)
    if said is None or not tempos:
        return None
    slowest, fastest = (pick(tempo for _, tempo in tempos) for pick in (min, max))
    # A file holds whole microseconds a quarter note.
    return said if slowest <= 1.001 * said and said <= 1.001 * fastest else None


def _from_the_first_bar(signatures: list[TimeSignature], grid: int) -> list[TimeSignature]:
    """All signatures, and 4/4 before the first one where whole bars of it stand there."""
    # What states no signature is in 4/4.
    late = min(signatures, default=None)
    if late and late.step % (4 * grid) == 0 and late.step % bar_length(late, grid):
        return [*signatures, TimeSignature(0, 4, 4)]
    return signatures


def _is_drum(key: int) -> bool:
    return key >> 7 == DRUMS


def _rows(tracks: Sequence[Track]) -> list[Row]:
    """The pitched notes of all tracks."""
    rows: list[Row] = []
    held: list[tuple[Strike, int]] = []
    loose: dict[int, list[int]] = defaultdict(list)
    for track in tracks:
        mine, left = _paired([s for s in track.strikes if not _is_drum(s[1])], loose)
        rows += mine
        held += ((strike, track.end) for strike in left)
    for (struck, key, strength), stop in held:
        ends = [tick for tick in loose.get(key, ()) if tick > struck]
        rows.append((struck, min(ends, default=stop), key & 0x7F, strength))
    return rows


def _paired(strikes: list[Strike], loose: dict[int, list[int]]) -> tuple[list[Row], list[Strike]]:
    """Join strikes and releases of one track to notes; give them, and strikes without a release.

    loose: takes, by key, the ticks of releases that end no note of the track.
    """
    surplus: dict[int, int] = defaultdict(int)
    for _, key, velocity in strikes:
        if velocity >= 0:
            surplus[key] += 1 if velocity else -1
    rows: list[Row] = []
    open_: dict[int, list[tuple[int, int]]] = defaultdict(list)  # key -> (start, velocity)
    for now, key, velocity in strikes:
        if velocity > 0:
            open_[key].append((now, velocity))
        elif velocity == 0:
            sounding = open_[key]
            # Of a key with as many releases as strikes the first belong together.
            ended = _before(sounding, now) if surplus[key] else sounding[:1]
            del sounding[: len(ended)]
            rows += ((start, now, key & 0x7F, loud) for start, loud in ended)
            if not ended:
                loose[key].append(now)
        else:
            for other in [k for k in open_ if k >> 7 == key >> 7]:
                rows += ((start, now, other & 0x7F, loud) for start, loud in open_.pop(other))
    return rows, [(start, key, loud) for key, left in open_.items() for start, loud in left]


def _before(sounding: list[tuple[int, int]], now: int) -> list[tuple[int, int]]:
    """Those struck before `now`, or all when none was: a release ends no note of its own tick."""
    return [note for note in sounding if note[0] < now] or sounding[:]
