"""Do themes return as in real pieces? Measures structure=learned beside plain and real pieces.

    python -m experiments.form.learned music=FOLDER [pieces=12 bars=64]

Writes learned.csv beside it: a row a style and kind of piece, quartiles of each measure.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from experiments.form.measure import BAR, chroma, cut, unit
from experiments.measuring import measuring
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.judge.bars import bar_likeness
from mood2music.judge.motifs import motif_return
from mood2music.music.events import to_notes
from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes
from mood2music.render.settings import RenderSettings
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.style.settings import StyleSettings

# Bars back from which on a return is one of form and not of a figure that goes on.
FAR = 8


@dataclass
class Settings:
    """See learned.yaml."""

    music: str | None
    store: str | None
    styles: list[str]
    pieces: int
    real: int
    bars: int
    length: int | None
    out: Path


@measuring
def main(asked: Settings) -> None:
    """Write, measure, compare."""
    store = prepare(MusicSourceSettings(root=asked.music, store=asked.store))
    found: list[dict[str, Any]] = []
    for style in tqdm(asked.styles, desc="styles"):
        kinds: dict[str, list[Notes]] = {
            "real": real(store, style, asked.real, asked.bars),
            "plain": [written(asked, style, i, []) for i in range(asked.pieces)],
            "learned": [written(asked, style, i, ["learned"]) for i in range(asked.pieces)],
        }
        for kind, pieces in kinds.items():
            row: dict[str, Any] = {"style": style, "kind": kind, "pieces": len(pieces)}
            for name, measure in MEASURES.items():
                values = [v for v in map(measure, pieces) if v is not None]
                low, middle, high = np.percentile(values, [25, 50, 75])
                row |= {name: round(middle, 3), f"{name}_25": round(low, 3)}
                row |= {f"{name}_75": round(high, 3)}
            found.append(row)
            print(*row.values(), flush=True)
    with asked.out.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(found[0]))
        table.writeheader()
        table.writerows(found)
    print(asked.out)


def written(asked: Settings, style: str, seed: int, structure: list[str]) -> Notes:
    """Write one piece from the song that is nearest to a mood."""
    mood = np.random.default_rng(seed).uniform(-0.8, 0.8, 2).tolist()
    settings = GenerateSettings(
        mood=mood,
        style=StyleSettings(mix={style: 1.0}),
        structure=structure,
        seed=seed,
        bars=None if asked.length else asked.bars,
        length=asked.length or 400,
        render=RenderSettings(score=[], sound="none"),
    )
    return compose(settings).pieces[0].notes


def real(store: Store, style: str, count: int, bars: int) -> list[Notes]:
    """The first bars of real pieces that have so many."""
    rows = [r for r in store.pieces if r.file.split("/")[0].split("_")[0] == style]
    found: list[Notes] = []
    for i in np.random.default_rng(0).permutation(len(rows)):
        notes = to_notes(store.piece(rows[i]), rows[i].tempo)
        lines = bar_lines(notes.meter, notes.end, notes.grid)
        if len(lines) > bars:
            found.append(cut(notes, 0, int(lines[bars])))
        if len(found) == count:
            break
    return found


def themes(notes: Notes) -> float | None:
    """Mean over bars of the best chroma likeness to a bar FAR bars back or more (Foote 1999).

    A bar is BAR sixteenths: of 4/4, and of others what is as long.
    """
    frames = unit(chroma(notes))
    count = len(frames) // BAR
    if count <= FAR:
        return None
    flat = frames[: count * BAR].reshape(count, -1)
    likeness = flat @ flat.T / BAR
    best = [likeness[bar, : bar - FAR + 1].max() for bar in range(FAR, count)]
    return float(np.mean(best))


MEASURES: dict[str, Callable[[Notes], float | None]] = {
    "themes": themes,
    "bar_likeness": bar_likeness,
    "motif_return": motif_return,
}

if __name__ == "__main__":
    main()
