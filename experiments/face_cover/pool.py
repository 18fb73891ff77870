"""Makes faces with and without covers, and says whether mouths and eyes are hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from experiments.face_cover.covers import (
    DOWNWARD,
    KINDS,
    MEDIAN,
    Part,
    cover,
    elsewhere,
    frame,
    over_eyes,
    over_mouth,
)

Faces = npt.NDArray[np.uint8]
CORNERS = [0, 1, 3, 4]  # eyes and corners of the mouth, without the nose
COPIES, HELD = 8, 6


@dataclass(frozen=True)
class Pool:
    """Faces, (N, size, size) grey, and what hides them.

    hidden: (N, 2), whether the mouth and whether the eyes are hidden; kinds: (N,) names of the
    covers, "" without; rows: (N,) of the table that the faces were taken from.
    """

    images: Faces
    hidden: npt.NDArray[np.float32]
    kinds: npt.NDArray[np.str_]
    rows: npt.NDArray[np.int64]

    def of(self, kinds: Sequence[str]) -> "Pool":
        """Those without a cover, or with one of these kinds."""
        return self.take(np.isin(self.kinds, ["", *kinds]))

    def take(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Pool":
        """Some of it."""
        return Pool(self.images[which], self.hidden[which], self.kinds[which], self.rows[which])


def make_pool(
    images: Faces,
    marks: npt.NDArray[np.float32],
    rows: npt.NDArray[np.int64],
    random: np.random.Generator,
    each: dict[str, float],
) -> Pool:
    """Cover the faces of some rows of a table by chance, and take each of them without a cover too.

    marks: (table, 5, 2) eyes, nose and corners of the mouth as shares of the side, NaN where not
    found: their covers lie where the median face has its parts. each: covers a face of "mouth",
    "eyes", "both" and "elsewhere", on the average.
    """
    made: list[tuple[npt.NDArray[np.float32], bool, bool, str, int]] = []
    chances = list(each.values())
    for row in rows:
        face = images[row].astype(np.float32) / 255
        made.append((face, False, False, "", row))
        points = marks[row][CORNERS]
        at = frame(points if np.isfinite(points).all() else np.array(MEDIAN))
        counts = np.floor(np.array(chances) + random.random(len(chances))).astype(int)
        for where in np.repeat(list(each), counts):
            other = images[random.choice(rows)].astype(np.float32) / 255
            parts = _parts(str(where), random)
            kinds = [_kind(place, part, random) for place, part in parts]
            hidden = face
            for (_, part), kind in zip(parts, kinds, strict=True):
                hidden = cover(hidden, other, kind, part, at, random)
            told = (where in ("mouth", "both"), where in ("eyes", "both"))
            made.append((hidden, *told, kinds[0], row))
    faces, mouths, eyes, names, places = zip(*made, strict=True)
    return Pool(
        (np.stack(faces) * 255).round().astype(np.uint8),
        np.stack([mouths, eyes], axis=1).astype(np.float32),
        np.array(names),
        np.array(places),
    )


def _parts(where: str, random: np.random.Generator) -> list[tuple[str, Part]]:
    """The parts to hide, each with where it is."""
    makers = {"mouth": over_mouth, "eyes": over_eyes, "elsewhere": elsewhere}
    names = ["mouth", "eyes"] if where == "both" else [where]
    return [(name, makers[name](random)) for name in names]


def _kind(where: str, part: Part, random: np.random.Generator) -> str:
    """A kind of cover that hides that part and no other."""
    unfit = {"mouth": ["glasses"], "eyes": [*DOWNWARD]}.get(where, ["glasses", *DOWNWARD])
    if where == "elsewhere" and part.top > 0.35:
        unfit = ["glasses"]  # a scarf below the mouth
    return str(random.choice([kind for kind in KINDS if kind not in (*unfit, "held")]))


def add_real(
    pool: Pool,
    images: Faces,
    marks: npt.NDArray[np.float32],
    seen: Mapping[int, str],
    random: np.random.Generator,
) -> Pool:
    """Take in what somebody saw in photos: mouths that hands and things hide without our doing.

    seen: of some rows "hidden"; "visible" ones are taken once more, for they are hard; the others,
    "partly" and "unlooked", are left out where nothing of ours hides the mouth. Hidden ones come
    `COPIES` times, and cover the mouths of every `HELD`th face.
    """
    said = np.array([seen.get(row, "") for row in pool.rows])
    hidden = pool.hidden.copy()
    hidden[said == "hidden", 0] = 1
    kept = ~np.isin(said, ["partly", "unlooked"]) | (hidden[:, 0] == 1)
    whole = Pool(pool.images, hidden, pool.kinds, pool.rows)
    real = np.flatnonzero((pool.kinds == "") & (said == "hidden"))
    hard = np.flatnonzero((pool.kinds == "") & (said == "visible"))
    added = whole.take(np.concatenate([np.flatnonzero(kept), np.tile(real, COPIES), hard]))
    donors, covered = pool.rows[real], []
    rows = np.unique(pool.rows)[::HELD]
    for row in rows:
        face, other = (images[r].astype(np.float32) / 255 for r in (row, random.choice(donors)))
        points = marks[row][CORNERS]
        at = frame(points if np.isfinite(points).all() else np.array(MEDIAN))
        covered.append(cover(face, other, "held", over_mouth(random), at, random))
    return Pool(
        np.concatenate([added.images, (np.stack(covered) * 255).round().astype(np.uint8)]),
        np.concatenate([added.hidden, np.tile(np.array([[1, 0]], np.float32), (len(rows), 1))]),
        np.concatenate([added.kinds, np.full(len(rows), "held")]),
        np.concatenate([added.rows, rows]),
    )
