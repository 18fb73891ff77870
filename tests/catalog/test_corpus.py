"""What the music21 package carries, listed."""

import pytest

from mood2music.catalog.corpus import PARTS, CorpusPart, pieces, written_pitches


def part(prefix: str) -> CorpusPart:
    return next(s for s in PARTS if s.prefix == prefix)


def test_tunes_of_a_collection_are_listed_one_by_one() -> None:
    names = [piece.name for piece in pieces(part("airdsAirs/"))]
    assert len(names) == 1180
    assert "airdsAirs/book1.abc#1" in names
    assert len(set(names)) == len(names)


def test_a_dance_without_tempo_takes_its_meters() -> None:
    listed = {piece.name: piece for piece in pieces(part("oneills1850/"))}
    assert listed["oneills1850/0001-0050.abc#1"].tempo == 104.0  # M: 2/4, no Q:
    marked = {piece.name: piece for piece in pieces(part("airdsAirs/"))}
    assert marked["airdsAirs/book1.abc#1"].tempo == 0.0  # Q:1/2=112 stands in the file


def test_two_encodings_of_a_piece_are_listed_once() -> None:
    names = [piece.name for piece in pieces(part("beethoven/"))]
    assert "beethoven/opus18no1/movement1.mxl" in names
    assert "beethoven/opus18no1/movement1.krn" not in names


def test_old_versions_are_left_out() -> None:
    assert not [p.name for p in pieces(part("monteverdi/")) if "_old" in p.name]


@pytest.mark.parametrize(
    "place", [s for s in PARTS if s.take < 10], ids=lambda place: str(place.prefix)
)
def test_every_small_shelf_holds_titled_pieces(place: CorpusPart) -> None:
    listed = pieces(place)
    assert listed
    assert all(piece.title for piece in listed)


def test_written_pitches_are_counted_in_every_encoding() -> None:
    assert written_pitches("beethoven/opus132.mxl") > 10_000  # zipped, UTF-16
    assert written_pitches("bach/bwv66.6.mxl") == 165  # zipped, UTF-8
    assert written_pitches("trecento/PMFC_12_22-Benedicamus PMFC12.22.xml") > 50  # UTF-16
    assert written_pitches("airdsAirs/book1.abc#1") == 0
