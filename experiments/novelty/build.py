"""Checkpoints and the music they were trained on to an index for their novelty, beside the first.

python -m experiments.novelty.build music=FOLDER checkpoints=[FILE,FILE]
music: the folder that was data.root, or "corpus" for networks trained on music21's own corpus.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from experiments.measuring import measuring
from mood2music.errors import DataError
from mood2music.generator.score import seen
from mood2music.judge.training_index import FILE, build_index, load_index, save_index
from mood2music.learn.checkpoint import read_header
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare


def store_of(music: str, checkpoint: Path) -> Store:
    """The store that a checkpoint was trained on, read as its header says."""
    settings = read_header(checkpoint, "music")["data"]["settings"]
    own = {
        "name": "corpus" if music == "corpus" else "midi",
        "root": None if music == "corpus" else music,
        "composers": settings["composers"],
        "grid": settings["grid"],
        "quantize": settings["quantize"],
    }
    return prepare(MusicSourceSettings(**own))


@dataclass
class Settings:
    """music: "corpus", or the folder that was data.root; out: null for beside the first."""

    music: str
    checkpoints: list[Path]
    out: Path | None


@measuring
def main(asked: Settings) -> None:
    """Build and write; say how large it is and what is missing."""
    names = {name for path in asked.checkpoints for name in seen(read_header(path, "music"))}
    store = store_of(asked.music, asked.checkpoints[0])
    rows = [row for row in store.pieces if row.name in names]
    if not rows:
        raise DataError(f"none of {len(names)} training pieces stands in {asked.music}")
    out = asked.out or asked.checkpoints[0].with_name(FILE)
    save_index(out, build_index(store, rows))
    begin = time.perf_counter()
    index = load_index(out)
    seconds = time.perf_counter() - begin
    missing = len(names - index.names())
    print(
        f"{len(index.pieces)} pieces, {len(index.hashes) - len(index.pieces):,} shingles, "
        f"{missing} pieces not found; {out.stat().st_size:,} bytes, read in {seconds:.2f} s"
    )
    print(out)


if __name__ == "__main__":
    main()
