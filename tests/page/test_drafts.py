from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mood2music.flow.piece import Piece
from mood2music.flow.request import GenerateSettings
from mood2music.music.authors import Author
from mood2music.music.key import Key
from mood2music.page.drafts import Draft, Drafts
from mood2music.render.performance import perform
from tests.conftest import tune


def piece(notes: int) -> Piece:
    written = replace(tune(1, 40), title="Jazz after One")
    written = replace(
        written,
        **{k: getattr(written, k)[:notes] for k in ("onset", "duration", "pitch", "velocity")},
    )
    authors = np.full(notes, Author.BASE, np.uint8)
    return Piece(written, authors, Key(0, "major"), 0, [], notes, False)


def test_the_roll_grows_and_the_opening_sounds_before_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mood2music.page.drafts.PACE", 0.0)
    monkeypatch.setattr("mood2music.page.drafts.ALONE", 0.0)
    opening = piece(20).notes.seconds
    monkeypatch.setattr("mood2music.page.drafts.OPENING", opening)
    monkeypatch.setattr("mood2music.page.drafts.UNSURE", 0.0)
    seen: list[Draft] = []
    drafts = Drafts(tmp_path, seen.append, GenerateSettings(style="jazz"))
    for notes in (2, 20, 30):
        drafts.watch(lambda notes=notes: [piece(notes), piece(40)])  # type: ignore[misc]
    drafts.composed(piece(40))
    for name in ("piece.mid", "piece.mp3", "piece_2.mp3"):
        (tmp_path / name).write_bytes(name.encode())
        drafts.wrote(tmp_path / name)
    assert [len(draft.roll["notes"]) for draft in seen] == [2, 20, 30, 40, 40]
    assert [draft.sound.rpartition("/")[2] for draft in seen] == [
        "", *["opening.mp3"] * 3, "first.mp3"
    ]  # fmt: skip
    assert [draft.until for draft in seen] == [None, *[opening] * 3, None]
    assert (tmp_path / "first.mp3").read_bytes() == b"piece.mp3"
    assert (tmp_path / "opening.mp3").stat().st_size > 1000
    assert seen[-1].as_dict()["title"] == "Jazz after One"


def test_the_whole_pieces_roll_has_the_seconds_at_which_it_is_heard(tmp_path: Path) -> None:
    whole = piece(40)
    whole = replace(whole, closes=True, way=[(0, 50.0), (96, 200.0)])
    seen: list[Draft] = []
    asked = GenerateSettings()
    Drafts(tmp_path, seen.append, asked).composed(whole)
    played = perform(whole.notes, whole.key, asked.render, way=whole.way, closes=whole.closes)
    roll = seen[0].roll
    onset = whole.notes.onset / whole.notes.grid
    assert [row[0] for row in roll["notes"]] == pytest.approx(played.seconds_at(onset), abs=0.001)
    assert roll["bars"][:2] == [0, 4.8]  # four quarters at 50 a minute
    assert roll["seconds"] == pytest.approx(played.seconds, abs=0.05)
    assert roll["seconds"] != pytest.approx(whole.notes.seconds, abs=0.5)


def test_a_piece_is_looked_at_now_and_then(tmp_path: Path) -> None:
    looks: list[int] = []

    def look() -> list[Piece]:
        looks.append(1)
        return [piece(2)]

    drafts = Drafts(tmp_path, lambda _: None, GenerateSettings())
    for _ in range(50):
        drafts.watch(look)
    assert len(looks) == 1
