"""affectnet.py: both layouts of the data set, and what is left out of them."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import DataError
from mood2music.face.dataset.pictures import Picture
from mood2music.face.dataset.sets.affectnet import AffectNetSettings, listing, load, sample
from mood2music.face.dataset.source import open_source
from tests.affectnet import write_eight_labels, write_lists


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return write_lists(tmp_path)


@pytest.fixture
def eight_labels(tmp_path: Path) -> Path:
    return write_eight_labels(tmp_path)


def test_the_lists_leave_out_what_has_no_mood_or_no_face(lists: Path) -> None:
    with open_source(lists, "") as source:
        training, validation, faults = listing(source)
    assert len(training) == 10
    assert len(validation) == 2
    reasons = dict(faults)
    assert "none of the eight" in reasons["0/12.png"]
    assert "not annotated" in reasons["1/13.png"]
    assert "not there" in reasons["9/missing.png"]


def test_the_lists_boxes_cut_the_face_out(lists: Path) -> None:
    pixels = np.zeros((24, 24), dtype=np.uint8)
    pixels[3:21, 2:22] = 200  # the box of the list: x 2, y 3, 20 wide, 18 high
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    (lists / "Manually_Annotated_Images" / "0" / "0.png").write_bytes(out.getvalue())
    table = load(AffectNetSettings(root=str(lists)), seed=0)
    row = next(r for r, path in enumerate(table.paths) if path.endswith("0/0.png"))
    assert table.images[row].min() == 200


def test_the_release_of_eight_labels_reads_its_strings(eight_labels: Path) -> None:
    with open_source(eight_labels, "") as source:
        training, validation, faults = listing(source)
    assert len(training) == 7
    assert len(validation) == 2
    assert (training[1].expression, training[1].valence, training[1].arousal) == (1, 0.25, -0.125)
    assert "no annotation" in dict(faults)["train_set/images/bare.jpg"]
    assert "not annotated" in dict(faults)["train_set/images/7.jpg"]


def test_the_sample_has_the_size_asked_and_no_overlap() -> None:
    pictures = [Picture(str(n), 0.0, 0.0) for n in range(700)]
    drawn = sample(pictures, 500, 100, seed=0)
    parts = [p.part for p in drawn]
    assert (parts.count("train"), parts.count("val")) == (500, 100)
    assert len({p.path for p in drawn}) == 600


def test_the_papers_sample_is_the_default() -> None:
    assert (AffectNetSettings().train_count, AffectNetSettings().val_count) == (50_000, 10_000)


def test_too_few_faces_are_shared_in_proportion() -> None:
    drawn = sample([Picture(str(n), 0.0, 0.0) for n in range(12)], 50_000, 10_000, seed=0)
    assert [p.part for p in drawn].count("train") == 10
    assert [p.part for p in drawn].count("val") == 2


def test_the_published_validation_list_is_the_test_part(lists: Path) -> None:
    table = load(AffectNetSettings(root=str(lists)), seed=0)
    tests = [p for p, part in zip(table.paths, table.parts, strict=True) if part == "test"]
    assert sorted(tests) == [
        "Manually_Annotated_Images/1/10.png",
        "Manually_Annotated_Images/2/11.png",
    ]


def test_a_missing_folder_says_where_to_ask(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mohammadmahoor\.com"):
        load(AffectNetSettings(root=str(tmp_path / "none")), seed=0)
    with pytest.raises(DataError, match=r"mohammadmahoor\.com"):
        load(AffectNetSettings(), seed=0)


def test_a_folder_of_another_data_set_is_refused(classes: Path) -> None:
    with pytest.raises(DataError, match="no AffectNet face"):
        load(AffectNetSettings(root=str(classes)), seed=0)
