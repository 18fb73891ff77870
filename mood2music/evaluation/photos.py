"""Measures how photos are read: each, and all beside their labels."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mood2music.command.settings import parse
from mood2music.evaluation.tables import filled
from mood2music.render.report import Cell, Table


def measure_photos(root: Path, face: Mapping[str, Any], jobs: int = 1) -> list[Table]:
    """Give one row a picture, a count and, where labels lie beside them, each axis's measures."""
    from mood2music.face.dataset.source import printable
    from mood2music.face.reading import labelled
    from mood2music.face.reading.photos import read_photos
    from mood2music.face.reading.reader import FaceReader
    from mood2music.face.reading.settings import ReadSettings

    settings = parse(ReadSettings, face, "face")
    labels = labelled.labels(root)
    reader = FaceReader.from_settings(settings)
    rows = read_photos(root, reader, settings, labels.moods, jobs)
    found = [row for row in rows if row.found]
    count = {
        "photos": len(rows),
        "faces": len(found),
        "sure": sum(row.sure for row in found),
        "labelled": sum(row.path in labels.moods for row in found),
        "labels_left_out": len(labels.faults),
    }
    figures, confusion = labelled.measure_expressions(rows, labels)
    left_out: list[Mapping[str, Cell]] = [
        {"path": printable(path), "reason": reason} for path, reason in labels.faults
    ]
    return [
        Table("photos", [row.as_row() for row in rows]),
        Table("photos_counted", [count]),
        *filled(Table("photos_measured", labelled.measure_photos(rows, labels.moods))),
        *filled(Table("expressions_measured", figures)),
        *filled(Table("expressions_confused", confusion)),
        *filled(Table("photos_by_group", labelled.measure_groups(rows, labels))),
        *filled(Table("labels_left_out", left_out)),
    ]
