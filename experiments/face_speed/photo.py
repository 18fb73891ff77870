"""Measures the processor time that reading a photo takes, alone and in a folder.

    OMP_NUM_THREADS=1 python -m experiments.face_speed.photo

Photos are the sample portrait, 512 x 512, and the same enlarged to 12 megapixels; the folder holds
`many` of the first. Writes photo.csv beside this file.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd
from PIL import Image

from experiments.measuring import measuring, write_rows
from mood2music.face.picture.image import sample_portrait
from mood2music.face.reading.photos import read_photos
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings

LARGE = (3464, 3464)  # 12 megapixels


@dataclass
class Settings:
    """many: photos of the folder; rounds: readings of each, of which the median counts."""

    many: int
    rounds: int


@measuring
def main(asked: Settings) -> None:
    """Read one photo of either size and the folder; write a row each."""
    start = time.process_time()
    reader, settings = FaceReader.load(), ReadSettings()
    loading = time.process_time() - start
    runs = type(reader.predictors[0]).__name__
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        portrait = Image.open(sample_portrait()).convert("RGB")
        large = folder / "large.jpg"
        portrait.resize(LARGE, Image.Resampling.BICUBIC).save(large, quality=90)
        small = folder / "album" / "0.jpg"
        small.parent.mkdir()
        for number in range(asked.many):
            portrait.save(small.with_name(f"{number}.jpg"), quality=90)

        def taken(read: Callable[[], object]) -> float:
            """Milliseconds of the processor, the median over rounds; the first warms up."""
            spent = []
            for _ in range(asked.rounds + 1):
                start = time.process_time()
                read()
                spent.append(1000 * (time.process_time() - start))
            return round(median(spent[1:]), 1)

        rows = [
            {"what": "loading the network", "ms": round(1000 * loading, 1)},
            {"what": "512 x 512", "ms": taken(lambda: reader.read_photo(small, settings))},
            {"what": "12 megapixels", "ms": taken(lambda: reader.read_photo(large, settings))},
        ]
        album = taken(lambda: read_photos(small.parent, reader, settings))
        rows.append(
            {"what": f"one of {asked.many} in a folder", "ms": round(album / asked.many, 1)}
        )
    write_rows(Path(__file__).with_name("photo.csv"), rows)
    print(pd.DataFrame(rows).to_string(index=False))
    print(f"{runs}, torch {'was' if 'torch' in sys.modules else 'was not'} imported")


if __name__ == "__main__":
    main()
