"""Real MIDI files, read by this project and by music21, to where they agree and what each took.

    python -m experiments.preparing.agreement music=folder [count=20 seed=0]

Timed is the whole way from the file: parse, slice at every onset and release, find the key,
transpose. Compared are the key, as each finds it on its own way, and the slices: where each begins,
which pitches sound in it, and which of them are struck and which tied over.

Slices are of the same notes on both sides: the file's, quantised here and written as MIDI in 4/4.
Reading a played file itself music21 first makes chords of all notes that begin within a sixteenth
of each other, and quantises a note's length where this project quantises its release.
"""

import csv
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from experiments.measuring import measuring
from mood2music.music.events import HELD, Events, to_events
from mood2music.music.key import Key
from mood2music.music.notes import GRID, Notes
from mood2music.music.quantize import DIVISORS, quantize
from mood2music.music.read import read
from mood2music.music.write import write_midi
from mood2music.store.piece import to_piece

# A slice: the grid step at which it begins, and its pitches, each with whether it is tied over.
Slice = tuple[int, tuple[tuple[int, bool], ...]]
BAR = 4 * GRID


@dataclass(frozen=True)
class Row:
    """One file: both keys, slices and the share of them that both have, seconds of each."""

    file: str
    key: str
    key_music21: str
    slices: int
    shared: float
    seconds: float
    seconds_music21: float


def compare(path: Path, name: str) -> Row:
    """Read `path` both ways."""
    began = time.perf_counter()
    piece = to_piece(read(path), DIVISORS)
    ours = time.perf_counter() - began
    began = time.perf_counter()
    key = by_music21(path)
    theirs = time.perf_counter() - began
    notes = quantize(read(path))
    cut = set(slices(to_events(notes)))
    chords = set(slices_by_music21(notes))
    shared = len(cut & chords) / len(cut | chords)
    return Row(name, piece.key, key, len(cut), shared, ours, theirs)


def by_music21(path: Path) -> str:
    """Parse, chordify, find the key and transpose, as the paper's way is; give the key's name."""
    from music21 import converter, interval, pitch

    score: Any = converter.parse(path, forceSource=True, storePickle=False)
    chords = score.chordify()
    key = score.analyze("key")
    home = pitch.Pitch("C" if key.mode == "major" else "A")
    chords.transpose(interval.Interval(key.tonic, home))
    return Key(key.tonic.pitchClass, key.mode).name


def slices(events: Events) -> Iterator[Slice]:
    """All slices of events that sound; what was cut only for being long is one."""
    at, before = 0, None
    for tokens, duration in events.as_list():
        pitches = [t % HELD for t in tokens]
        if tokens and not (pitches == before and all(t >= HELD for t in tokens)):
            yield at, tuple((t % HELD, t >= HELD) for t in tokens)
        at, before = at + duration, pitches


def slices_by_music21(notes: Notes) -> Iterator[Slice]:
    """Slices of music21's chordify; what was cut only by a bar line is one."""
    from music21 import converter

    with tempfile.TemporaryDirectory() as scratch:
        write_midi(notes, Path(scratch, "notes.mid"))
        score: Any = converter.parse(
            Path(scratch, "notes.mid"), forceSource=True, storePickle=False, quantizePost=False
        )
    for part in score.parts:
        # In music21 10.5 a note held over a bar line in a voice pushes all later bars back.
        for bar in part.getElementsByClass("Measure"):
            part.setElementOffset(bar, (bar.number - 1) * BAR / GRID)
    before, end = None, 0
    for chord in score.chordify().flatten().getElementsByClass("Chord"):
        at = round(float(chord.offset) * GRID)
        held: dict[int, bool] = {}
        for note in chord.notes:
            tied = note.tie is not None and note.tie.type in ("stop", "continue")
            held[note.pitch.midi] = tied and held.get(note.pitch.midi, True)
        pitches = sorted(held)
        if not (all(held.values()) and pitches == before and at == end):
            yield at, tuple(sorted(held.items()))
        before, end = pitches, at + round(float(chord.quarterLength) * GRID)


@dataclass
class Settings:
    """music: folder of MIDI; count: files to draw; seed: of the draw."""

    music: Path
    count: int
    seed: int


@measuring
def main(asked: Settings) -> None:
    """Compare files drawn at random, write agreement.csv and print what disagrees."""
    warnings.simplefilter("ignore")  # music21's, on what players' files hold
    files = sorted(asked.music.rglob("*.mid"))
    rng = np.random.default_rng(asked.seed)
    chosen = [files[i] for i in sorted(rng.choice(len(files), asked.count, replace=False))]
    read(files[0]), by_music21(files[0])  # both have loaded what they need
    rows = []
    for path in chosen:
        rows.append(compare(path, path.relative_to(asked.music).as_posix()))
        print(".", end="", file=sys.stderr, flush=True)
    with Path(__file__).with_name("agreement.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(
            {k: round(v, 5) if isinstance(v, float) else v for k, v in asdict(row).items()}
            for row in rows
        )
    print("\n| agree | files |\n| --- | ---: |")
    print(f"| key | {sum(r.key == r.key_music21 for r in rows)} of {len(rows)} |")
    print(f"| all slices and ties | {sum(r.shared == 1 for r in rows)} of {len(rows)} |")
    ours = sum(row.seconds for row in rows) / len(rows)
    theirs = sum(row.seconds_music21 for row in rows) / len(rows)
    print(f"\n{ours * 1e3:.2f} ms a file, music21 {theirs:.3f} s: {theirs / ours:.0f} times faster")


if __name__ == "__main__":
    main()
