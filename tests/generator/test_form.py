import pytest

from mood2music.errors import SettingsError
from mood2music.generator.form import Plan, Section, parse_structure, sizes


def test_letters_and_numbers_are_read() -> None:
    assert parse_structure(["A", "b", "A2"]) == [Section("A", 1), Section("B", 1), Section("A", 2)]


@pytest.mark.parametrize("name", ["", "1", "AB", "A0", "Ä"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="A,B,A2,C,A3"):
        parse_structure([name])


@pytest.mark.parametrize(
    ("form", "bars", "sizes"),
    [
        ("A B A", 5, [2, 1, 2]),
        ("A B A", 8, [3, 2, 3]),
        ("A B A", 16, [5, 6, 5]),
        ("A B A2 C A3", 16, [3, 4, 3, 3, 3]),
        ("A B A2 C A3", 32, [6, 7, 6, 7, 6]),
        ("A B A B A", 16, [4, 2, 4, 2, 4]),
        ("A A2", 5, [2, 2]),
        ("A B C", 10, [4, 3, 3]),
    ],
)
def test_sections_have_together_what_is_asked_for_and_a_letter_its_own_length(
    form: str, bars: int, sizes: list[int]
) -> None:
    assert Plan(400, parse_structure(form.split()), bars=bars).sizes() == sizes


@pytest.mark.parametrize(
    ("form", "whole", "dealt"),
    [
        ("A A", 3, [1, 1]),
        ("A A2", 401, [200, 200]),
        ("A B A B", 399, [100, 99, 100, 99]),
        ("A A A", 400, [133, 133, 133]),
        ("A A A", 401, [134, 134, 134]),
    ],
)
def test_of_two_sums_that_are_as_near_the_smaller_one_is_dealt(
    form: str, whole: int, dealt: list[int]
) -> None:
    assert sizes(parse_structure(form.split()), whole) == dealt


@pytest.mark.parametrize("form", ["A", "A A A", "A B A B", "A B A2 C A3", "A B A A2 B A3"])
def test_at_most_is_never_more_and_less_than_one_return_of_the_rarest_letter_is_left(
    form: str,
) -> None:
    sections = parse_structure(form.split())
    least = min(sum(s.letter == letter for s in sections) for letter in "AB" if letter in form)
    for whole in range(len(sections), 60):
        dealt = sizes(sections, whole, at_most=True)
        assert whole - least < sum(dealt) <= whole
        assert all(size > 0 for size in dealt)
