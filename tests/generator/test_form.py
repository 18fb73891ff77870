import pytest

from mood2music.generator.form import parse_structure, sizes


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
