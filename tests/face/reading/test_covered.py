"""covered.py: odds worked out by hand, and which readings are corrected."""

from pathlib import Path

import numpy as np
import pytest

from mood2music.face.labels import EXPRESSIONS
from mood2music.face.reading.covered import MOUTH, MOUTH_AND_EYES, Correction, corrected
from mood2music.face.reading.doubt import entropy
from mood2music.face.reading.hidden import Hidden
from mood2music.face.reading.reader import SHIPPED, FaceReader

ALIKE = dict.fromkeys(EXPRESSIONS, 1 / len(EXPRESSIONS))
SMILE = {**dict.fromkeys(EXPRESSIONS, 0.01), "happiness": 0.93}


@pytest.mark.parametrize("hidden", [Hidden(0.5, 0.1), Hidden(0.1, 0.9)], ids=["none", "eyes"])
def test_a_face_whose_mouth_is_seen_keeps_its_probabilities(hidden: Hidden) -> None:
    assert corrected(SMILE, hidden, 0.5) == SMILE


@pytest.mark.parametrize(
    ("hidden", "change"),
    [(Hidden(0.6, 0.1), MOUTH), (Hidden(0.6, 0.6), MOUTH_AND_EYES)],
    ids=["mouth", "both"],
)
def test_odds_are_rooted_and_multiplied(hidden: Hidden, change: Correction) -> None:
    told = corrected(SMILE, hidden, 0.5)
    assert list(told) == list(EXPRESSIONS)
    assert sum(told.values()) == pytest.approx(1)
    added = dict(zip(EXPRESSIONS, change.added, strict=True))
    wanted = 93 ** (1 / change.temperature) * np.exp(added["happiness"] - added["neutral"])
    assert told["happiness"] / told["neutral"] == pytest.approx(wanted)


def test_hidden_smiles_are_believed_more_and_hidden_faces_less_sure() -> None:
    masked, blind = (corrected(ALIKE, Hidden(1.0, eyes), 0.5) for eyes in (0.0, 1.0))
    assert max(masked, key=lambda name: masked[name]) == "happiness"
    assert (entropy(corrected(SMILE, Hidden(1.0, 1.0), 0.5)) or 0) > (entropy(SMILE) or 0)
    assert blind["happiness"] > blind["contempt"]


def test_a_probability_of_nothing_stays_a_number() -> None:
    told = corrected({**dict.fromkeys(EXPRESSIONS, 0.0), "anger": 1.0}, Hidden(1.0, 0.0), 0.5)
    assert told["anger"] == pytest.approx(1)


def test_only_the_shipped_network_is_corrected(tmp_path: Path) -> None:
    copy = tmp_path / "own.safetensors"
    copy.write_bytes(SHIPPED[0].read_bytes())
    hidden = Hidden(1.0, 0.0)
    assert FaceReader.load(copy).expressions(SMILE, hidden, 0.5) == SMILE
    assert FaceReader.load().expressions(SMILE, hidden, 0.5) != SMILE
