"""Is style a dial? Writes at strengths from 0 on and lets the judge of styles listen.

python -m experiments.style_path.measure music=FOLDER out=FOLDER [pieces=50]
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from experiments.measuring import measuring, write_rows
from experiments.style_path.many import FIGURES, Song, drawn, judged, songs_for, songs_of, write
from mood2music.generator.memory.past import Past
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import ready
from mood2music.generator.score import means, network_bits, sample_events, struck, unseen
from mood2music.generator.windows import Windows, past_of
from mood2music.judge.style_judge import STYLES
from mood2music.mood import Mood
from mood2music.store.event_store import PieceRow, Store
from mood2music.store.prepare import MusicSourceSettings, prepare
from mood2music.study.intervals import mean_of
from mood2music.style.networks import StyledNetwork, load_styled
from mood2music.style.settings import StyleSettings

# How far from the middle of the plane moods are drawn.
MOODS = 0.9

Row = dict[str, Any]


@dataclass
class Settings:
    """See measure.yaml."""

    music: Path
    store: str | None
    exclude: list[str]
    out: Path
    model: str
    method: str
    strengths: list[float]
    pairs: list[float]
    pieces: int
    length: int
    events: int
    harmony: float


@dataclass
class Material:
    """What points share: the store and what is known of its events, the songs by style."""

    store: Store
    past: Past | None = None
    songs: dict[tuple[str, bool], dict[str, list[Song]]] = field(default_factory=dict)


@measuring
def main(asked: Settings) -> None:
    """Write, judge, and put a row a point of each path into result.csv."""
    source = MusicSourceSettings(name="midi", root=str(asked.music), store=asked.store)
    material = Material(prepare(source))
    mixes = [{style: strength} for style in STYLES for strength in asked.strengths]
    mixes += [
        {first: a, second: b}
        for first, second in combinations(STYLES, 2)
        for a in asked.pairs
        for b in asked.pairs
    ]
    asked.out.mkdir(parents=True, exist_ok=True)
    points = tqdm(mixes, desc="points")
    write_rows(
        asked.out / "result.csv", (row for mix in points for row in point(asked, material, mix))
    )


def point(asked: Settings, material: Material, mix: Mapping[str, float]) -> Iterator[Row]:
    """Measure one mix: from songs of the catalog, and from songs of a style that is not in it."""
    styled = load_styled(asked.model, StyleSettings(mix=dict(mix), method=asked.method))
    bits = loss(asked, material, styled, next(iter(mix)))
    for name, songs in songs_behind(asked, material, styled, mix).items():
        assert styled.form is not None
        writer = ready(styled.network, SamplerSettings().guidance, asked.harmony)
        told = judged(songs, write(writer, styled.form, songs, asked.length))
        row: Row = {
            "style": "+".join(mix),
            "strength": "+".join(f"{strength:g}" for strength in mix.values()),
            "songs": name,
            "pieces": len(told),
            "bits": round(bits, 3),
        }
        for figure in FIGURES:
            found = mean_of([one[figure] for one in told])
            if found is not None:
                row |= {
                    figure: round(found.value, 3),
                    f"{figure}_low": round(found.low, 3),
                    f"{figure}_high": round(found.high, 3),
                }
        yield row


def songs_behind(
    asked: Settings, material: Material, styled: StyledNetwork, mix: Mapping[str, float]
) -> dict[str, list[Song]]:
    """The songs of the catalog and those of other styles, the same at each strength but 0.

    There the base puts chords under tunes, elsewhere the style.
    """
    key = "+".join(mix), any(mix.values())
    if key not in material.songs:
        moods = np.random.default_rng(0).uniform(-MOODS, MOODS, (asked.pieces, 2)).tolist()
        others = [name for name in STYLES if name not in mix]
        files = [asked.music / row.file for row in chosen(material.store, asked, others)]
        material.songs[key] = {
            "catalog": songs_for([Mood(*mood) for mood in moods], styled),
            "another style": songs_of(files, styled.divisors, styled=styled),
        }
    return material.songs[key]


def chosen(store: Store, asked: Settings, styles: Sequence[str]) -> list[PieceRow]:
    """Draw songs of other styles, as many of each, long enough for a seed."""
    kinds = [
        [
            row
            for row in store.pieces
            if row.file.startswith(f"{style}/")
            and row.events > 100
            and not any(Path(row.file).match(pattern) for pattern in asked.exclude)
        ]
        for style in styles
    ]
    return drawn(kinds, asked.pieces, np.random.default_rng(1))[: asked.pieces]


def loss(asked: Settings, material: Material, styled: StyledNetwork, style: str) -> float:
    """Bits an event of pieces of a style that neither base nor style network has seen."""
    store = material.store
    if material.past is None:
        material.past = past_of(styled.network, store)
    rows = [row for row in unseen(store, styled.header)[0] if row.file.startswith(f"{style}/")]
    windows = Windows(store, rows, material.past)
    places = sample_events(windows, asked.events, seed=0)
    figures = means(network_bits(styled.network, windows, places), struck(store, places))
    return figures["bits_event"]


if __name__ == "__main__":
    main()
