"""Measures how surely hidden mouths and eyes are told, by kinds of cover, and how often wrongly.

    python -m experiments.face_cover.measure faces=FOLDER marks=landmarks.npy \
        without=[without_a.safetensors,without_b.safetensors,without_c.safetensors]

Of the test part alone. Writes beside this file covered.csv (by kinds, by the shipped network and by
one that did not learn from the kind), whole.csv (false alarms on faces without a cover, in several
ways), real.csv (what was seen in the photos as they are, hands mostly) and detected.csv
(DiffusionFER's portraits, covered in colour, found by the detector).
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image
from safetensors import safe_open
from sklearn.metrics import roc_auc_score

from experiments.face_cover.covers import (
    DOWNWARD,
    KINDS,
    Part,
    cover,
    elsewhere,
    frame,
    over_eyes,
    over_mouth,
)
from experiments.face_cover.fit import odds, pool_of, seen_of
from experiments.face_cover.pool import CORNERS, Pool
from experiments.face_sense.measure import Face, compressed
from experiments.face_sense.smiles import ALTERED
from experiments.fer import SYNTHETIC, read_faces
from experiments.measuring import measuring
from mood2music.errors import NoFaceError
from mood2music.face.dataset.data import FaceData
from mood2music.face.dataset.source import open_source
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.picture.image import decode
from mood2music.face.reading.hidden import PARTS, load, shipped
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings

HERE = Path(__file__).parent
Marks = npt.NDArray[np.float32]
Told = npt.NDArray[np.float32]  # (N, 2) log odds of a hidden mouth and eyes
Rows = list[dict[str, float | str]]
# Covers are drawn apart from these, and faces of 40 pixels are hardly smaller than the data's.
LEFT_OUT = ("of 40 pixels", "mouth hidden")
WAYS: dict[str, Callable[[Face], Face]] = {
    **{
        name: alter
        for name, alter in ALTERED.items()
        if name not in ("of 40 pixels", "mouth hidden")
    },
    "framed 1.3 times as wide": lambda face: wider(face, 7),
    "JPEG of quality 40": lambda face: compressed(face, 40),
}
TURNED = 0.25  # how far the nose lies beside the eyes' middle, as a share of their distance


def wider(face: Face, room: int) -> Face:
    """Frame a face with `room` more pixels on every side, its border repeated."""
    framed = Image.fromarray(np.pad(face, room, mode="edge"))
    return np.asarray(framed.resize(face.shape[::-1], Image.Resampling.BILINEAR))


@dataclass
class Settings:
    """faces: folder of the zips; marks: of landmarks.py; without: files of fit.py, none or more."""

    faces: Path
    marks: Path
    without: list[Path]


@measuring
def main(asked: Settings) -> None:
    """Write the four tables."""
    data, marks = read_faces(asked.faces, seed=0), np.load(asked.marks)
    pool = pool_of(data, marks, "test")
    others = {
        kind: told
        for path in asked.without
        for told in [odds(load(path), pool.images)]
        for kind in unseen(path)
    }
    tables = {
        "covered": covered(pool, odds(shipped(), pool.images), others),
        "whole": whole(data, pool, marks),
        "real": real(pool, odds(shipped(), pool.images), seen_of(data)),
        "detected": detected(asked.faces / SYNTHETIC, data, marks),
    }
    for name, rows in tables.items():
        table = pd.DataFrame(rows).round(4)
        table.to_csv(HERE / f"{name}.csv", index=False)
        print(table.to_string(index=False), end="\n\n")


def unseen(path: Path) -> list[str]:
    """The kinds of cover that a file's network did not learn from."""
    with safe_open(path, framework="numpy") as file:
        return str(file.metadata()["without"]).split()


def covered(pool: Pool, told: Told, others: dict[str, Told]) -> Rows:
    """A row a part and kind: share told as hidden, AUROC against faces without a cover.

    The same by the network that did not see the kind, in the columns `unseen`.
    """
    bare = pool.kinds == ""
    rows: Rows = []
    for column, part in enumerate(PARTS):
        hidden = pool.hidden[:, column] == 1
        for kind in [*KINDS, "all"]:
            these = hidden & ((pool.kinds == kind) | (kind == "all"))
            if not these.any():
                continue
            row: dict[str, float | str] = {"part": part, "kind": kind, "faces": int(these.sum())}
            given = {"": told[:, column]}
            if kind in others:
                given["_unseen"] = others[kind][:, column]
            if kind == "all" and others:
                by_kind = [others.get(k, told)[n, column] for n, k in enumerate(pool.kinds)]
                given["_unseen"] = np.array(by_kind)
            for name, odd in given.items():
                row[f"found{name}"] = float((odd[these] > 0).mean())
                # Of a mixture of networks there is no one AUROC: each has faces of its own.
                if not (kind == "all" and name):
                    row[f"auroc{name}"] = auroc(odd[these], odd[bare])
            rows.append(row)
        if others:
            aurocs = [
                float(r["auroc_unseen"]) for r in rows if r["part"] == part and r["kind"] != "all"
            ]
            rows[-1]["auroc_unseen"] = float(np.mean(aurocs))
    return rows


def auroc(above: npt.NDArray[np.float32], below: npt.NDArray[np.float32]) -> float:
    """How often one of `above` is larger than one of `below`."""
    truth = np.arange(len(above) + len(below)) < len(above)
    return float(roc_auc_score(truth, np.concatenate([above, below])))


def whole(data: FaceData, pool: Pool, marks: Marks) -> Rows:
    """A row a way in which faces are shown: shares told as hidden wrongly, and rightly.

    false: of faces without a cover; found: of hidden ones.
    """
    rows: Rows = []
    bare, (mouth, eyes) = pool.kinds == "", (pool.hidden == 1).T
    for way, alter in WAYS.items():
        told = odds(shipped(), np.stack([alter(face) for face in pool.images])) > 0
        if way == "as they are":
            plain = told
        rows.append(
            {
                "faces": way,
                "bare": int(bare.sum()),
                "mouth_false": float(told[bare, 0].mean()),
                "eyes_false": float(told[bare, 1].mean()),
                "mouth_found": float(told[mouth, 0].mean()),
                "eyes_found": float(told[eyes, 1].mean()),
            }
        )
    eye, other, nose = (marks[pool.rows, place] for place in (0, 1, 2))
    beside = abs(nose - (eye + other) / 2)[:, 0] / np.linalg.norm(eye - other, axis=1)
    expressions = data.table.expressions[pool.rows]
    groups = {
        "surprised (most votes)": bare & (expressions == EXPRESSIONS.index("surprise")),
        "happy (most votes)": bare & (expressions == EXPRESSIONS.index("happiness")),
        "head turned aside": bare & (beside > TURNED),
        "no eyes or mouth found by MTCNN": bare & ~np.isfinite(nose[:, 0]),
        "covered elsewhere": ~bare & ~mouth & ~eyes,
        "eyes covered": ~mouth & eyes,
        "mouth covered": mouth & ~eyes,
    }
    for name, these in groups.items():
        share = plain[these].mean(0)
        false = {"mouth_false": float(share[0]), "eyes_false": float(share[1])}
        if name in ("eyes covered", "mouth covered"):
            del false[f"{name.split()[0]}_false"]
        rows.append({"faces": name, "bare": int(these.sum()), **false})
    return rows


def real(pool: Pool, told: Told, seen: Mapping[int, str]) -> Rows:
    """A row for what was seen in FER+'s test photos as they are (by_eye.csv): share told as hidden.

    auroc: of this against the photos in which nothing of the kind was seen.
    """
    bare = pool.kinds == ""
    rows, mouths = pool.rows[bare], told[bare, 0]
    said = np.array([seen.get(row, "nothing") for row in rows])
    shown = mouths[(said == "nothing") | (said == "beard")]
    return [
        {
            "seen": what,
            "photos": int((said == what).sum()),
            "told_hidden": float((mouths[said == what] > 0).mean()),
            "auroc": auroc(mouths[said == what], shown),
        }
        for what in ("hidden", "partly", "beard", "nothing")
    ]


def detected(archive: Path, data: FaceData, marks: Marks) -> Rows:
    """DiffusionFER's portraits, covered in their own pixels and colours, read as photos are.

    A row a cover: share found by the detector, and of these the share told as hidden, and not sure.
    """
    table, random = data.table, np.random.default_rng(0)
    finite = np.isfinite(marks[:, 0, 0])
    chosen = [r for r in data.parts.test if table.groups[r].startswith(SYNTHETIC) and finite[r]]
    with open_source(archive, "") as source:
        photos = [decode(source.read(table.paths[row]), table.paths[row]) for row in chosen]
    parts = {"none": None, "mouth": over_mouth, "eyes": over_eyes, "elsewhere": elsewhere}
    reader, rows = FaceReader.load(), []
    for part, draw in parts.items():
        shown = photos
        if draw is not None:
            # A held one wants somebody whose own mouth is hidden.
            kinds = [k for k in KINDS if k not in (*DOWNWARD, "glasses", "held")]
            shown = [
                in_colour(photo, photos[random.integers(len(photos))], str(random.choice(kinds)),
                          draw(random), marks[row], int(random.integers(2**31)))
                for photo, row in zip(photos, chosen, strict=True)
            ]  # fmt: skip
        read = []
        for photo in shown:
            with contextlib.suppress(NoFaceError):
                read.append(reader.read_mood(photo, ReadSettings()))
        hindered = [reading.hindered_by() for reading in read]
        rows.append(
            {
                "covered": part,
                "photos": len(shown),
                "found": len(read) / len(shown),
                "mouth": float(np.mean(["the mouth is hidden" in why for why in hindered])),
                "eyes": float(np.mean(["the eyes are hidden" in why for why in hindered])),
                "unsure": float(np.mean([not reading.sure() for reading in read])),
            }
        )
    return rows


def in_colour(photo: Face, other: Face, kind: str, part: Part, marks: Marks, seed: int) -> Face:
    """Cover an RGB photo (side, side, 3), each colour alike."""
    at = frame(marks[CORNERS])
    colours = [
        cover(*(p[..., c].astype(np.float32) / 255 for p in (photo, other)), kind, part, at,
              np.random.default_rng(seed))
        for c in range(3)
    ]  # fmt: skip
    return (np.stack(colours, axis=2) * 255).round().astype(np.uint8)


if __name__ == "__main__":
    main()
