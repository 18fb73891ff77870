"""Do written pieces hold together as real ones do? Writes the pieces that are to be compared.

python -m experiments.memory.write music=FOLDER out=FOLDER [pieces=60 model=lstm]
python -m mood2music.evaluate pieces=OUT/written beside=OUT/real
python -m mood2music.evaluate pieces=OUT/catalog beside=OUT/real
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from experiments.measuring import measuring
from mood2music.files import checksum
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.generator.score import seen
from mood2music.isolate import Isolated
from mood2music.learn.checkpoint import read_header
from mood2music.music.events import to_events
from mood2music.music.quantize import quantize
from mood2music.music.read import SUFFIXES
from mood2music.store.safely import read_safely
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings

STYLES = ("jazz", "classical", "pop")
# What the card's command writes in, from songs of the catalog.
CATALOG_STYLE = "jazz"
# How far from the middle of the plane moods are drawn.
MOODS = 0.9


@dataclass
class Settings:
    """music: folder with jazz/ classical/ pop/; exclude: patterns of paths in it that are left out;
    out: where pieces go; pieces: of each style; length: events written, and the fewest that a real
    piece has; more: settings of generate.
    """

    music: Path
    exclude: list[str]
    out: Path
    pieces: int
    length: int
    model: str
    more: dict[str, Any] | None


@measuring
def main(asked: Settings) -> None:
    """Copy real pieces, write one from each in its style, and as many from the catalog's songs."""
    for style in STYLES:
        songs = choose(asked.music, style, asked.pieces, asked.length, asked.model, asked.exclude)
        for i, song in enumerate(tqdm(songs, desc=style)):
            real = asked.out / "real" / style / f"{i:03d}{song.suffix}"
            real.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(song, real)
            write(asked, style, i, asked.out / "written" / style, midi=str(real))
    moods = np.random.default_rng(0).uniform(-MOODS, MOODS, (asked.pieces, 2)).tolist()
    for i, mood in enumerate(tqdm(moods, desc="catalog")):
        write(asked, CATALOG_STYLE, i, asked.out / "catalog" / CATALOG_STYLE, mood=mood)
    print(asked.out)


def choose(
    music: Path,
    style: str,
    count: int,
    events: int,
    model: str = "lstm",
    exclude: Sequence[str] = (),
) -> list[Path]:
    """Draw pieces of a style that are long enough, those first that no network has seen.

    music, exclude: as in Settings; events: that a piece has at least.
    """
    styled = load_styled(model, StyleSettings(mix={style: 1.0}))
    paths = [styled.base, *(path for path, _ in styled.styles.values())]
    known = {name for path in paths for name in seen(read_header(path))}
    files = sorted(
        path
        for path in (music / style).rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(path.relative_to(music).match(pattern) for pattern in exclude)
    )
    order = [files[i] for i in np.random.default_rng(0).permutation(len(files))]
    names = {path: checksum(path)[:16] for path in order}
    chosen: list[Path] = []
    with Isolated() as child:
        for path in sorted(order, key=lambda path: names[path] in known):
            if len(to_events(quantize(read_safely(path, child=child)))) >= events:
                chosen.append(path)
            if len(chosen) == count:
                break
    unseen = sum(names[path] not in known for path in chosen)
    print(f"{style}: {len(chosen)} pieces, {unseen} of them unseen in training")
    return chosen


def write(asked: Settings, style: str, i: int, folder: Path, **start: Any) -> None:
    """Write the i-th piece of a style into a folder of its own, unless it is there."""
    run = folder / f"{i:03d}"
    if (run / "run.json").is_file():
        return
    settings = {
        "style": style,
        "seed": i,
        "model": asked.model,
        "length": asked.length,
        "render": {"score": [], "sound": "none"},
        **start,
        **(asked.more or {}),
    }
    compose(GenerateSettings(**settings)).write(run)


if __name__ == "__main__":
    main()
