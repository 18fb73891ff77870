"""Is style a dial? Writes at strengths from 0 on and lets the judge of styles listen.

python -m experiments.style_path.measure music=FOLDER out=FOLDER [pieces=50]
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from experiments.measuring import measuring
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.generator.score import means, network_bits, sample_events, struck, unseen
from mood2music.generator.windows import Windows, past_of
from mood2music.judge.measures import measure
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.style_judge import STYLES, style_of
from mood2music.store.event_store import PieceRow, Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.study.intervals import mean_of
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings

# How far from the middle of the plane moods are drawn.
MOODS = 0.9
READINGS = ("", "harmony_", "rhythm_")

Row = dict[str, Any]


@dataclass
class Settings:
    """See measure.yaml."""

    music: Path
    exclude: list[str]
    out: Path
    model: str
    method: str
    strengths: list[float]
    pairs: list[float]
    pieces: int
    length: int
    events: int
    more: dict[str, Any]


@measuring
def main(asked: Settings) -> None:
    """Write, judge, and put a row a point of each path into result.csv."""
    store = prepare(MusicSourceSettings(name="midi", root=str(asked.music)))
    mixes = [{style: strength} for style in STYLES for strength in asked.strengths]
    mixes += [
        {first: a, second: b}
        for first, second in combinations(STYLES, 2)
        for a in asked.pairs
        for b in asked.pairs
    ]
    asked.out.mkdir(parents=True, exist_ok=True)
    with (asked.out / "result.csv").open("w", newline="", encoding="utf-8") as file:
        writer = None
        for mix in tqdm(mixes, desc="points"):
            for row in point(asked, store, mix):
                if writer is None:
                    writer = csv.DictWriter(file, list(row))
                    writer.writeheader()
                writer.writerow(row)
                file.flush()
    print(asked.out / "result.csv")


def point(asked: Settings, store: Store, mix: Mapping[str, float]) -> Iterator[Row]:
    """Measure one mix: from songs of the catalog, and from songs of a style that is not in it."""
    style = next(iter(mix))
    bits = loss(asked, store, mix, style)
    others = [name for name in STYLES if name not in mix]
    songs = chosen(store, asked, others)
    moods = np.random.default_rng(0).uniform(-MOODS, MOODS, (asked.pieces, 2)).tolist()
    starts: dict[str, list[dict[str, Any]]] = {
        "catalog": [{"mood": mood} for mood in moods],
        "another style": [{"midi": str(asked.music / row.file)} for row in songs],
    }
    for name, given in starts.items():
        told = [written(asked, mix, i, start) for i, start in enumerate(given)]
        row: Row = {
            "style": "+".join(mix),
            "strength": "+".join(f"{strength:g}" for strength in mix.values()),
            "songs": name,
            "pieces": len(told),
            "bits": round(bits, 3),
        }
        for figure in told[0] if told else ():
            found = mean_of([one[figure] for one in told])
            if found is not None:
                row |= {
                    figure: round(found.value, 3),
                    f"{figure}_low": round(found.low, 3),
                    f"{figure}_high": round(found.high, 3),
                }
        yield row


def written(
    asked: Settings, mix: Mapping[str, float], i: int, start: Row
) -> dict[str, float | None]:
    """Write a piece, and let the judges tell of it; drift: of its mood from the song's."""
    settings = {
        "style": {"mix": dict(mix), "method": asked.method},
        "model": asked.model,
        "length": asked.length,
        "seed": i,
        "render": {"score": [], "sound": "none"},
        **start,
        **asked.more,
    }
    composed = compose(GenerateSettings(**settings))
    notes, song = composed.pieces[0].notes, composed.start.notes
    judged, form = style_of(notes), measure(notes)
    found: dict[str, float | None] = {
        f"{reading}{style}": float(getattr(judged, f"{reading}{style}"))
        for reading in READINGS
        for style in STYLES
    }
    found |= {"drift": rated_mood(notes).distance(rated_mood(song))}
    novelty = composed.manifest.pieces[0].novelty
    return found | {
        "motif": form.motif_return,
        "likeness": form.bar_likeness,
        "longest_copy": None if novelty is None else novelty["share"],
    }


def chosen(store: Store, asked: Settings, styles: Sequence[str]) -> list[PieceRow]:
    """Draw songs of other styles, as many of each, long enough for a seed."""
    rng = np.random.default_rng(1)
    found: list[PieceRow] = []
    for style in styles:
        rows = [
            row
            for row in store.pieces
            if row.file.startswith(f"{style}/")
            and row.events > 100
            and not any(Path(row.file).match(pattern) for pattern in asked.exclude)
        ]
        count = min(len(rows), -(-asked.pieces // len(styles)))
        found += [rows[i] for i in rng.permutation(len(rows))[:count]]
    return found[: asked.pieces]


def loss(asked: Settings, store: Store, mix: Mapping[str, float], style: str) -> float:
    """Bits an event of pieces of a style that neither base nor style network has seen."""
    styled = load_styled(asked.model, StyleSettings(mix=dict(mix), method=asked.method))
    rows = [row for row in unseen(store, styled.header)[0] if row.file.startswith(f"{style}/")]
    windows = Windows(store, rows, past_of(styled.network, store))
    places = sample_events(windows, asked.events, seed=0)
    figures = means(network_bits(styled.network, windows, places), struck(store, places))
    return figures["bits_event"]


if __name__ == "__main__":
    main()
