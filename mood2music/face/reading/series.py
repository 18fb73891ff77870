"""Reads several pictures of one person: their mean mood, and how far it spreads over them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mood2music.brief import brief
from mood2music.errors import NoFaceError
from mood2music.face.network.settings import AXES
from mood2music.face.picture.image import Photo
from mood2music.face.reading.doubt import is_sure
from mood2music.face.reading.photo_reading import PhotoReading
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.mood import Mood


@brief
@dataclass(frozen=True)
class SeriesReading:
    """What several pictures gave.

    mood: the mean of those with a face; spread: standard deviation of valence and of arousal over
    them; readings: of each, by the picture's name; without: names of those without a face.
    """

    mood: Mood
    spread: tuple[float, float]
    readings: list[tuple[str, PhotoReading]]
    without: list[str]

    def entropy(self) -> float:
        """Mean entropy of the expressions in nats: one blurred frame does not count for all."""
        return float(np.mean([reading.entropy() for _, reading in self.readings]))

    def sure(self, uncertain: float, hidden: float) -> bool:
        """Whether the mean entropy is at most `uncertain`, and half of the mouths are to be seen.

        hidden: probability above which a mouth counts as hidden.
        """
        mouths = [face.hidden.mouth for _, reading in self.readings for face in reading.faces]
        return is_sure(self.entropy(), float(np.median(mouths)), uncertain, hidden)

    def as_dict(self) -> dict[str, Any]:
        """What the manifest tells: all but the pixels."""
        return {
            **asdict(self.mood),
            "spread": dict(zip(AXES, self.spread, strict=True)),
            "entropy": self.entropy(),
            "read": [{"name": name, **reading.as_dict()} for name, reading in self.readings],
            "without_face": self.without,
        }


def read_series(
    reader: FaceReader, photos: Sequence[Photo], settings: ReadSettings
) -> SeriesReading:
    """Read the mood in each photo and take the mean; those without a face are passed over.

    Raises NoFaceError when there is a face in none.
    """
    readings, without = [], []
    for photo in photos:
        try:
            readings.append((photo.name, reader.read_taken(photo, settings)))
        except NoFaceError:
            without.append(photo.name)
    if not readings:
        raise NoFaceError(
            f"no face in any of {len(photos)} pictures: pass frontal photos, face.detector=none, "
            "or mood=[0.4,0.2]"
        )
    moods = np.array([[getattr(read.mood, axis) for axis in AXES] for _, read in readings])
    (valence, arousal), spread = moods.mean(0).tolist(), moods.std(0).tolist()
    return SeriesReading(Mood(valence, arousal), (spread[0], spread[1]), readings, without)
