"""music21's corpus to the shipped table mood2music/catalog/corpus.csv.

    python -m experiments.corpus_catalog.build [seed=0 table=FILE]

Prints what was passed over and how well the table covers the plane of moods.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from mood2music.catalog.build import draw_catalog
from mood2music.catalog.table import write_table
from mood2music.files import PACKAGE
from mood2music.judge.song_mood import SOURCE, song_mood


@dataclass
class Settings:
    """seed: of the draw; table: to write, null for the shipped."""

    seed: int
    table: Path | None


@measuring
def main(settings: Settings) -> None:
    """Build, write, print."""
    built = draw_catalog(song_mood, SOURCE, rng=np.random.default_rng(settings.seed))
    out = settings.table or PACKAGE / "catalog" / "corpus.csv"
    write_table(out, built.songs)
    for reason, count in built.skipped.most_common():
        print(f"passed over {count}: {reason}")
    print("styles:", dict(Counter(song.style for song in built.songs)))
    print("artists:", dict(Counter(song.artist for song in built.songs).most_common()))
    print(f"slowest read {built.slowest:.2f} s of CPU")
    raw = np.array([song.raw for song in built.songs])
    for axis, column in zip(("valence", "arousal"), raw.T, strict=True):
        low, middle, high = np.percentile(column, [5, 50, 95])
        print(f"raw {axis}: 5 % {low:.2f}, median {middle:.2f}, 95 % {high:.2f}")
    points = np.array([(song.valence, song.arousal) for song in built.songs])
    print(f"correlation of the axes: {np.corrcoef(points.T)[0, 1]:.2f}")
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, 21)] * 2), -1).reshape(-1, 2)
    far = np.linalg.norm(grid[:, None] - points, axis=2).min(1)
    print(f"distance from a 21 x 21 grid to the nearest song: mean {far.mean():.3f}, "
          f"95 % {np.percentile(far, 95):.3f}, most {far.max():.3f}")  # fmt: skip
    print(f"{len(built.songs)} songs: {out}")


if __name__ == "__main__":
    main()
