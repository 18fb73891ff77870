"""Networks and a split table of faces come in; figures by root, axis and predictor go out."""

import numpy as np

from mood2music.face import metrics
from mood2music.face.pictures import Faces
from mood2music.face.predict import FaceReader
from mood2music.face.settings import AXES
from mood2music.face.split import Rows

Row = dict[str, float | str]


def measure(reader: FaceReader, table: Faces, train: Rows, rows: Rows) -> list[Row]:
    """Measure `reader` on `rows` of `table`, root by root, beside the constant predictor.

    train: the rows that were learnt from; their mean mood is what the constant predictor says.
    Each result has root, pictures, axis, predictor, rmse, pearson, ccc and sagr.
    """
    constant = dict(zip(AXES, table.moods[train].mean(0).tolist(), strict=True))
    names = [table.groups[row].split("/", 1)[0] for row in rows]
    results: list[Row] = []
    for root in sorted(set(names)):
        chosen = rows[[name == root for name in names]]
        read = reader.moods(np.asarray(table.images[chosen], dtype=np.float32) / np.float32(255))
        true = {axis: table.moods[chosen, place] for place, axis in enumerate(AXES)}
        guess = {axis: read[:, place] for place, axis in enumerate(AXES)}
        for figures in metrics.beside_constant(true, guess, constant):
            results.append({"root": root, "pictures": len(chosen), **figures})
    return results
