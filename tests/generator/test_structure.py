import numpy as np
import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.embedding import END_OF_PIECE
from mood2music.generator.form import Section, parse_structure
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.structure import Plan, Structured, struck_anew, write_sections
from mood2music.music.events import END, HELD, from_list, to_events, to_notes
from tests.conftest import tune
from tests.generator.test_network import small


def write(
    names: list[str],
    length: int,
    n: int = 1,
    sampler: SamplerSettings | None = None,
    network: EventNetwork | None = None,
) -> Structured:
    song = to_events(tune(4))
    return write_sections(
        network or small(),
        Plan(length, parse_structure(names), n),
        lambda i: song[10 * i : 10 * i + 12],
        sampler or SamplerSettings(),
        np.random.default_rng(0),
    )


def chords(piece: Structured, start: int, stop: int) -> list[tuple[int, ...]]:
    """What sounds, struck or held: at a seam what was held is struck."""
    return [tuple(t % HELD for t in piece.variants[0].chord(i)) for i in range(start, stop)]


def test_letters_and_numbers_are_read() -> None:
    assert parse_structure(["A", "b", "A2"]) == [Section("A", 1), Section("B", 1), Section("A", 2)]


@pytest.mark.parametrize("name", ["", "1", "AB", "A0", "Ä"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="A,B,A2,C,A3"):
        parse_structure([name])


def test_a_letter_returns_as_it_was_and_its_number_varies_it_more_and_more() -> None:
    piece = write(["A", "B", "A", "A2", "A4"], 5 * 80)
    assert [name for name, _ in piece.starts] == ["A", "B", "A", "A2", "A4"]
    first = chords(piece, 0, 80)

    def same(start: int) -> float:
        return (
            sum(a == b for a, b in zip(first, chords(piece, start, start + 80), strict=True)) / 80
        )

    assert same(160) == 1.0
    assert same(80) < 0.3
    # Of ten phrases A2 writes two anew and A4 eight; chance matches come on top.
    assert 0.8 <= same(240) < 0.9
    assert 0.2 <= same(320) < 0.4


def test_every_variant_has_the_length_asked_for() -> None:
    piece = write(["A", "B", "A2"], 100, n=3)
    assert [len(variant) for variant in piece.variants] == [100, 100, 100]
    assert piece.variants[0].as_list() != piece.variants[1].as_list()
    assert [at for _, at in piece.starts] == [0, 34, 67]


def test_no_structure_is_one_section() -> None:
    assert len(write([], 30).variants[0]) == 30


def test_fewer_events_than_sections_are_refused() -> None:
    with pytest.raises(SettingsError, match="too short for 3 sections"):
        write(["A", "B", "C"], 2)


def test_a_variant_is_the_same_however_many_are_written_beside_it() -> None:
    alone, several = write(["A", "B", "A3"], 60), write(["A", "B", "A3"], 60, n=4)
    assert alone.variants[0].as_list() == several.variants[0].as_list()


def test_sections_start_with_strikes() -> None:
    piece = write(["A", "B", "A"], 90, n=3)
    for variant in piece.variants:
        assert all(token < HELD for at in (30, 60) for token in variant.chord(at))
    events = from_list([((60 + HELD, 64), 6), ((60 + HELD,), 6)])
    assert struck_anew(events).as_list() == [((60, 64), 6), ((60 + HELD,), 6)]
    assert len(struck_anew(events[:0])) == 0


def test_no_hold_reaches_across_a_seam() -> None:
    network = small()
    with torch.no_grad():
        network.representation.out.bias[HELD:END] += 6
    piece = write(["A", "B", "A2", "A4"], 160, 2, SamplerSettings(longest_hold=2.0), network)
    for variant in piece.variants:
        # Where sections or phrases meet an event may be lengthened by less than a quarter note.
        assert to_notes(variant).duration.max() < 48 + 24


@pytest.mark.parametrize(("names", "ends"), [([], True), (["A", "B"], True), (["A", "A2"], False)])
def test_a_piece_may_end_in_its_last_section_where_that_is_new(
    names: list[str], ends: bool
) -> None:
    network = small()
    with torch.no_grad():
        network.representation.duration.out.bias[END_OF_PIECE] += 8
        network.representation.out.bias[END] += 3
    piece = write(names, 60, 4, SamplerSettings(end_of_piece=True), network)
    lengths = [len(variant) for variant in piece.variants]
    assert (min(lengths) < 60) == ends
    if names:
        assert min(lengths) > 30
