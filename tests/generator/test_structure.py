import numpy as np
import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.choice import SamplerSettings
from mood2music.generator.structure import Section, Structured, parse_structure, write_sections
from mood2music.music.events import to_events
from tests.conftest import tune
from tests.generator.test_network import small


def write(names: list[str], length: int, n: int = 1) -> Structured:
    song = to_events(tune(4))
    return write_sections(
        small(),
        parse_structure(names),
        lambda i: song[10 * i : 10 * i + 12],
        n,
        length,
        SamplerSettings(),
        torch.Generator().manual_seed(0),
        np.random.default_rng(0),
    )


def chords(piece: Structured, start: int, stop: int) -> list[tuple[int, ...]]:
    return [piece.variants[0].chord(i) for i in range(start, stop)]


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
