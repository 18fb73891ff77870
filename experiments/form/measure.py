"""Does structure=[A,B,A2,C,A3] make a form that can be heard?

python -m experiments.form.measure [model=lstm seeds=20 length=400]
Writes result.csv beside it: a row a seed, similarities of the sections of one piece.
"""

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.measuring import measuring
from mood2music.flow.pipeline import generate
from mood2music.flow.request import GenerateSettings
from mood2music.music.meter import moved_to
from mood2music.music.notes import Notes
from mood2music.music.read import read
from mood2music.style.settings import StyleSettings

STRUCTURE = ["A", "B", "A2", "C", "A3"]
STYLES = ("base", "jazz", "classical", "pop")
# Of the quarter note: the frames in which pitch classes are counted.
FRAME = 4
# Frames that are looked for in the other section: a bar of 4/4.
BAR = 4 * FRAME
# Notes in a row that two sections are asked to share.
GRAM = 2


@dataclass
class Settings:
    """model: shipped; seeds: pieces; length: events of each."""

    model: str
    seeds: int
    length: int


@measuring
def main(asked: Settings) -> None:
    """Generate a piece a seed, compare its sections, write the table and print the ratios."""
    rows = []
    for seed in range(asked.seeds):
        sections = written(asked.model, STYLES[seed % len(STYLES)], seed, asked.length)
        first, second, varied, third, again = sections
        pairs = {"A-A2": (first, varied), "A-A3": (first, again), "A-B": (first, second),
                 "A-C": (first, third)}  # fmt: skip
        row: dict[str, str | int | float] = {"seed": seed, "style": STYLES[seed % len(STYLES)]}
        for name, (one, other) in pairs.items():
            row[f"notes {name}"] = shared_notes(one, other)
            row[f"chroma {name}"] = chroma_likeness(one, other)
        rows.append(row)
    out = Path(__file__).parent / "result.csv"
    with out.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    for measure in ("notes", "chroma"):
        for pair in ("A-A2", "A-A3"):
            over = [(float(row[f"{measure} {pair}"]), float(row[f"{measure} A-B"])) for row in rows]
            print(f"{measure:6s} {pair} {interval([a for a, _ in over])}  "
                  f"A-B {interval([b for _, b in over])}  "
                  f"ratio {ratio(over)}")  # fmt: skip
    print(out)


def written(model: str, style: str, seed: int, length: int) -> list[Notes]:
    """The five sections of a piece, as their MIDI file has them."""
    mood = np.random.default_rng(seed).uniform(-0.8, 0.8, 2)
    settings = GenerateSettings(
        mood=[float(mood[0]), float(mood[1])],
        model=model,
        style=StyleSettings(mix=None if style == "base" else {style: 1.0}),
        length=length,
        seed=seed,
        structure=STRUCTURE,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = generate(settings, Path(folder), lambda _: None)
        notes = read(path)
        piece = json.loads((Path(folder) / "run.json").read_text())["pieces"][0]
    starts = [at * notes.grid // piece["grid"] for _, at in piece["sections"]]
    return [cut(notes, a, b) for a, b in zip(starts, [*starts[1:], notes.end], strict=True)]


def cut(notes: Notes, start: int, stop: int) -> Notes:
    """The notes struck from one grid step to another, moved to the beginning."""
    inside = (notes.onset >= start) & (notes.onset < stop)
    return Notes(
        notes.onset[inside] - start,
        notes.duration[inside],
        notes.pitch[inside],
        notes.velocity[inside],
        notes.tempo,
        notes.grid,
        meter=moved_to(notes.meter, start, notes.grid),
    )


def shared_notes(one: Notes, other: Notes) -> float:
    """Share of the groups of GRAM notes of a section that stand in the other one too.

    Notes in the order in which they are struck, as pitch and steps since the one before; what
    stands twice counts twice: the overlap of two multisets over the larger, 1 for two alike.
    """
    first, second = grams(one), grams(other)
    most = max(sum(first.values()), sum(second.values()), 1)
    return sum((first & second).values()) / most


def grams(notes: Notes) -> Counter[tuple[tuple[int, int], ...]]:
    """GRAM notes in a row, as (pitch, steps since the note before)."""
    steps = np.diff(notes.onset, prepend=notes.onset[:1]).tolist()
    listed = list(zip(notes.pitch.tolist(), steps, strict=True))
    return Counter(tuple(listed[i : i + GRAM]) for i in range(len(listed) - GRAM + 1))


def chroma_likeness(one: Notes, other: Notes) -> float:
    """How well the bars of a section are found again in the other one: 0 to 1, 1 for the same.

    The cosine of the pitch classes that sound in two frames (the chroma self-similarity of Foote
    1999), averaged over the frames of a bar laid on any place of the other section; the best place
    of each bar, averaged over the bars. Phrases written anew may be longer, so no place is given.
    """
    first, second = unit(chroma(one)), unit(chroma(other))
    cosine = first @ second.T
    bars, places = len(first) // BAR, len(second) - BAR + 1
    if bars < 1 or places < 1:
        raise ValueError(f"sections of {len(first)} and {len(second)} frames: a bar has {BAR}")
    frame = np.arange(BAR)
    found = [
        cosine[bar * BAR + frame, np.arange(places)[:, None] + frame].mean(1).max()
        for bar in range(bars)
    ]
    return float(np.mean(found))


def unit(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Frames of length 1, silence as a thirteenth class of its own: (frames, 13)."""
    silent = ~frames.any(1, keepdims=True)
    whole = np.concatenate([frames, silent], 1)
    return whole / np.linalg.norm(whole, axis=1, keepdims=True)


def chroma(notes: Notes) -> NDArray[np.float64]:
    """Steps that each pitch class sounds in each sixteenth: (frames, 12)."""
    size = notes.grid // FRAME
    found = np.zeros((-(-notes.end // size), 12))
    for onset, duration, pitch in zip(notes.onset, notes.duration, notes.pitch, strict=True):
        for frame in range(int(onset) // size, -(-int(onset + duration) // size)):
            inside = min((frame + 1) * size, onset + duration) - max(frame * size, onset)
            found[frame, pitch % 12] += inside
    return found


def ratio(over: Sequence[tuple[float, float]]) -> str:
    """Mean of the one over mean of the other, with a 95 % interval by drawing seeds again."""
    pairs = np.array(over)
    drawn = np.random.default_rng(0).integers(0, len(pairs), (10_000, len(pairs)))
    means = pairs[drawn].mean(1)
    low, high = np.percentile(means[:, 0] / np.maximum(means[:, 1], 1e-9), [2.5, 97.5])
    whole = pairs.mean(0)
    return f"{whole[0] / max(whole[1], 1e-9):.2f} [{low:.2f}, {high:.2f}]"


def interval(values: Sequence[float]) -> str:
    """Mean with a 95 % interval by drawing seeds again."""
    drawn = np.random.default_rng(0).integers(0, len(values), (10_000, len(values)))
    low, high = np.percentile(np.array(values)[drawn].mean(1), [2.5, 97.5])
    return f"{np.mean(values):.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
