"""Measures how well people agree with one another on FER+'s test photos: the ceiling of a reading.

    python -m experiments.shipped_faces.votes faces=FOLDER

The voters of each photo are dealt into two halves. Writes votes.csv beside this file: how alike the
halves' moods are, how much of a mean over all voters is shared (Spearman-Brown), by how much such a
mean would have to be drawn towards that of all photos, and how often halves name the same class.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from experiments.fer import SYNTHETIC, read_faces
from experiments.measuring import measuring, write_rows
from mood2music.face import metrics
from mood2music.face.labels import CLASS_MEANS, EXPRESSIONS

HERE = Path(__file__).parent
FEWEST = 8  # votes for an expression that a photo needs, to be dealt
Counts = npt.NDArray[np.int64]


@dataclass
class Settings:
    """faces: folder of the zips; splits: times that voters are dealt; seed: of that."""

    faces: Path
    splits: int
    seed: int


@measuring
def main(asked: Settings) -> None:
    """Deal the votes of the test part and write a row of means and deviations over the splits."""
    data = read_faces(asked.faces, seed=0)
    table, rows = data.table, data.parts.test
    rows = rows[[not table.groups[row].startswith(SYNTHETIC) for row in rows]]
    assert table.votes is not None
    votes = table.votes[rows].round().astype(np.int64)
    votes = votes[votes.sum(1) >= FEWEST]
    random = np.random.default_rng(asked.seed)
    each = [agreement(*dealt(votes, random)) for _ in range(asked.splits)]
    write_rows(
        HERE / "votes.csv",
        [
            {
                "figure": name,
                "photos": len(votes),
                "mean": round(float(np.mean([one[name] for one in each])), 4),
                "deviation": round(float(np.std([one[name] for one in each], ddof=1)), 4),
            }
            for name in each[0]
        ],
    )
    print((HERE / "votes.csv").read_text())


def dealt(votes: Counts, random: np.random.Generator) -> tuple[Counts, Counts]:
    """Deal each photo's voters (N, 8) into two halves, (N, 8) each, the first never the larger."""
    half = np.stack([random.multivariate_hypergeometric(row, row.sum() // 2) for row in votes])
    return half, votes - half


def agreement(half: Counts, other: Counts) -> dict[str, float]:
    """How alike two halves of the voters are.

    Of valence and arousal, the votes' mean over AffectNet's class means: pearson of the halves;
    shared, the part of the variance of a mean over all voters that others would give again
    (Spearman-Brown), whose root is the largest correlation that a reading can have with such
    means; drawn, the share by which a mean over all voters would be drawn towards that of all
    photos for the least squared error. majority: how often the halves name the same class most.
    """
    moods = np.array([[CLASS_MEANS[e].valence, CLASS_MEANS[e].arousal] for e in EXPRESSIONS])
    first, second = (part @ moods / part.sum(1, keepdims=True) for part in (half, other))
    found = {}
    for column, axis in enumerate(("valence", "arousal")):
        alike = metrics.pearson(first[:, column], second[:, column])
        shared = 2 * alike / (1 + alike)
        found |= {
            f"{axis}_pearson": alike,
            f"{axis}_shared": shared,
            f"{axis}_ceiling": float(np.sqrt(max(0.0, shared))),
            f"{axis}_drawn": 1 - shared,
        }
    found["majority"] = float(np.mean(half.argmax(1) == other.argmax(1)))
    return found


if __name__ == "__main__":
    main()
