"""How often are generated pieces stuck, with which guards, and how often is real music?

python -m experiments.loops.measure music=FOLDER [model=lstm pieces=32]
Writes MODEL.csv beside it: a row a setting of the sampler, and one for real music of each kind.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from experiments.measuring import measuring
from experiments.novelty.build import store_of
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import continue_events, one_thread
from mood2music.generator.score import unseen
from mood2music.judge.loops import ONE_PITCH, TIMES, find_loops
from mood2music.judge.statistics import statistics
from mood2music.learn.checkpoint import read_header
from mood2music.music.events import Events, to_notes
from mood2music.music.notes import GRID
from mood2music.store.event_store import PieceRow, Store
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import locate

LENGTH, SEED_LEN = 400, 35
STYLES = ("base", "jazz", "classical", "pop")
NONE = SamplerSettings(top_p=1.0, loop_run=0, longest_hold=None)
TOP_P = replace(NONE, top_p=0.95)
GUARDED = SamplerSettings()
SETTINGS = {
    "no guard": NONE,
    "top_p=0.95": TOP_P,
    "top_p=0.9": replace(TOP_P, top_p=0.9),
    "temperature=0.8": replace(TOP_P, temperature=0.8),
    "temperature=0.5": replace(TOP_P, temperature=0.5),
    "top_p=0.95 loops": replace(TOP_P, loop_run=4),
    "temperature=0.5 loops": replace(TOP_P, loop_run=4, temperature=0.5),
    "temperature=0.5 hold": replace(TOP_P, longest_hold=16.0, temperature=0.5),
    "temperature=0.5 ngram": replace(TOP_P, no_repeat_ngram=8, temperature=0.5),
    "top_p=0.95 loops hold": GUARDED,
    "temperature=0.8 loops hold": replace(GUARDED, temperature=0.8),
    "temperature=0.5 loops hold": replace(GUARDED, temperature=0.5),
    "top_p=0.95 loops hold penalty=1.1": replace(GUARDED, repetition_penalty=1.1),
    "temperature=0.8 loops hold penalty=1.1": replace(
        GUARDED, temperature=0.8, repetition_penalty=1.1
    ),
    "temperature=0.5 loops hold penalty=1.1": replace(
        GUARDED, temperature=0.5, repetition_penalty=1.1
    ),
    "temperature=0.5 loops hold penalty=1.3": replace(
        GUARDED, temperature=0.5, repetition_penalty=1.3
    ),
}
BY_STYLE = ("no guard", "top_p=0.95 loops hold")


@dataclass
class Settings:
    """music: folder with classical/ jazz/ pop/; pieces: of each network; real: windows."""

    music: Path
    model: str
    pieces: int
    real: int


@measuring
def main(asked: Settings) -> None:
    """Generate, measure, write the table and print it."""
    checkpoint = locate(asked.model)
    header = read_header(checkpoint)
    store = store_of(str(asked.music), checkpoint)
    rng = np.random.default_rng(0)
    rows = [row("real music", windows(store, store.pieces, asked.real, LENGTH, rng))]
    for kind in sorted({piece.file.split("/")[0] for piece in store.pieces}):
        own = [piece for piece in store.pieces if piece.file.startswith(f"{kind}/")]
        rows.append(row(f"real {kind}", windows(store, own, asked.real, LENGTH, rng)))
    held_out = unseen(store, header)[0]
    seeds = {
        style: windows(
            store,
            [p for p in held_out if style == "base" or p.file.startswith(f"{style}/")],
            asked.pieces,
            SEED_LEN,
            rng,
        )
        for style in STYLES
    }
    for name, sampler in tqdm(SETTINGS.items(), desc="settings"):
        written = {style: write(asked.model, style, seeds[style], sampler) for style in STYLES}
        rows.append(row(name, [piece for part in written.values() for piece in part]))
        if name in BY_STYLE:
            rows += [row(f"{name}: {style}", part) for style, part in written.items()]
    out = Path(__file__).parent / f"{asked.model}.csv"
    with out.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    for line in rows:
        print(*(f"{v:>7.3f}" if isinstance(v, float) else f"{v!s:<50}" for v in line.values()))
    print(out)


def windows(
    store: Store, pieces: Sequence[PieceRow], count: int, length: int, rng: np.random.Generator
) -> list[Events]:
    """Cut `count` windows, or as many as there are long pieces, one a piece."""
    long = [piece for piece in pieces if piece.events >= length]
    cut = []
    for i in rng.permutation(len(long))[:count]:
        start = int(rng.integers(long[i].events - length + 1))
        cut.append(store.piece(long[i])[start : start + length])
    return cut


def write(
    model: str, style: str, seeds: Sequence[Events], sampler: SamplerSettings
) -> list[Events]:
    """A piece behind each seed, by the network of a style."""
    mix = None if style == "base" else {style: 1.0}
    styled = load_styled(model, StyleSettings(mix=mix))
    with one_thread():
        return continue_events(styled.network, seeds, LENGTH, sampler, np.random.default_rng(1))


def row(name: str, pieces: Sequence[Events]) -> Mapping[str, str | int | float]:
    """Shares of pieces that are stuck, and means that say whether the music has changed.

    longest note: median over the pieces, quarter notes.
    """
    loops = [find_loops(piece) for piece in pieces]
    figures = [statistics(to_notes(piece)) for piece in pieces]
    longest = np.array([to_notes(piece).duration.max() / GRID for piece in pieces])
    degenerate = float(np.mean([loop.degenerate for loop in loops]))
    return {
        "pieces of 400 events": name,
        "pieces": len(pieces),
        "degenerate": degenerate,
        "interval": 1.96 * (degenerate * (1 - degenerate) / len(pieces)) ** 0.5,
        "run repeated": float(np.mean([loop.times > TIMES for loop in loops])),
        "pitch struck": float(np.mean([loop.struck > ONE_PITCH for loop in loops])),
        "pitch alone": float(np.mean([loop.alone > ONE_PITCH for loop in loops])),
        "longest note": float(np.median(longest)),
        "note over 16": float(np.mean(longest > 16)),
        "polyphony": float(np.mean([f.polyphony for f in figures])),
        "onsets_per_quarter": float(np.mean([f.onsets_per_quarter for f in figures])),
        "chromatic_share": float(np.mean([f.chromatic_share for f in figures])),
        "other 4-grams": float(np.mean([distinct(piece, 4) for piece in pieces])),
    }


def distinct(events: Events, n: int) -> float:
    """Share of a piece's n-grams of events that are not the same as an earlier one."""
    listed = events.as_list()
    grams = [tuple(listed[i : i + n]) for i in range(len(listed) - n + 1)]
    return len(set(grams)) / len(grams)


if __name__ == "__main__":
    main()
