"""Real MIDI files, harmed in 2,000 ways, to how many of them are read, refused or end their reader.

python -m experiments.preparing.mutate music=folder [count=2000 seed=0]
"""

import os
import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from mood2music.store.prepare import MusicSourceSettings, prepare


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Flip one to eight bits, cut the end off, or both; each a third of the time."""
    harm = int(rng.integers(3))
    if harm != 0:
        data = data[: int(rng.integers(1, len(data)))]
    if harm != 1:
        flipped = bytearray(data)
        for place in rng.integers(0, len(data) * 8, int(rng.integers(1, 9))):
            flipped[place // 8] ^= 1 << int(place % 8)
        data = bytes(flipped)
    return data


def reason_of(fault: str) -> str:
    """A fault without what differs from file to file: its name and numbers."""
    return re.sub(r"\d[\d.]*", "#", fault.split(".mid", 1)[-1].lstrip(": ")).strip()


@dataclass
class Settings:
    """music: folder of MIDI; count: harmed files; seed: of the harm."""

    music: Path
    count: int
    seed: int


@measuring
def main(asked: Settings) -> None:
    """Write the files, prepare them as always, and print a table of what became of them."""
    rng = np.random.default_rng(asked.seed)
    files = sorted(asked.music.rglob("*.mid"))
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["MOOD2MUSIC_CACHE"] = str(Path(scratch, "cache"))
        root = Path(scratch, "music")
        root.mkdir()
        for i, which in enumerate(rng.integers(0, len(files), asked.count)):
            (root / f"{i:04}.mid").write_bytes(mutated(files[which].read_bytes(), rng))
        store = prepare(MusicSourceSettings(name="midi", root=str(root)))
        print("| outcome | files |\n| --- | ---: |")
        print(f"| read | {len(store.pieces):,} |")
        reasons = Counter(reason_of(reason) for _, reason in store.faults)
        for reason, count in reasons.most_common():
            print(f"| {reason} | {count:,} |")
        if len(store.pieces) + len(store.faults) != asked.count:
            raise SystemExit("some files are neither read nor refused")


if __name__ == "__main__":
    main()
