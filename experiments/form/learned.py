"""Do themes return as in real pieces? Measures structure=learned beside plain and real pieces.

    python -m experiments.form.learned music=FOLDER [pieces=30 bars=64]

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
from experiments.memory.write import choose
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.judge.bars import bar_likeness
from mood2music.judge.motifs import motif_return
from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize
from mood2music.render.settings import RenderSettings
from mood2music.store.safely import read_safely
from mood2music.style.settings import StyleSettings

# Bars back from which on a return is one of form and not of a figure that goes on.
FAR = 8
# The fewest events of a song of the piece's own style.
EVENTS = 400


@dataclass
class Settings:
    """See learned.yaml."""

    music: Path
    exclude: list[str]
    styles: list[str]
    pieces: int
    bars: int
    length: int | None
    out: Path


@measuring
def main(asked: Settings) -> None:
    """Write, measure, compare."""
    found: list[dict[str, Any]] = []
    for style in tqdm(asked.styles, desc="styles"):
        own = choose(asked.music, style, asked.pieces, EVENTS, exclude=asked.exclude)
        kinds = {"real": [opening(song, asked.bars) for song in own]}
        for songs, starts in (
            ("own style", [{"midi": str(song)} for song in own]),
            ("catalog", [{"mood": mood(i)} for i in range(asked.pieces)]),
        ):
            for form, structure in (("plain", []), ("learned", ["learned"])):
                kinds[f"{form}, {songs}"] = [
                    written(asked, style, i, structure, start) for i, start in enumerate(starts)
                ]
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


def mood(seed: int) -> list[float]:
    """Draw a mood, whose nearest song a piece is written from."""
    return np.random.default_rng(seed).uniform(-0.8, 0.8, 2).tolist()


def written(
    asked: Settings, style: str, seed: int, structure: list[str], start: dict[str, Any]
) -> Notes:
    """Write one piece; start: the settings that say from which song."""
    settings = GenerateSettings(
        style=StyleSettings(mix={style: 1.0}),
        structure=structure,
        seed=seed,
        bars=None if asked.length else asked.bars,
        length=asked.length or 400,
        render=RenderSettings(score=[], sound="none"),
        **start,
    )
    return compose(settings).pieces[0].notes


def opening(song: Path, bars: int) -> Notes:
    """The first bars of a real piece, all where it has fewer."""
    notes = quantize(read_safely(song))
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    return cut(notes, 0, int(lines[bars])) if len(lines) > bars else notes


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
