import pytest

from mood2music.errors import UnknownNameError
from mood2music.render.programs import program_name, program_number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("piano", 0), ("Acoustic Grand Piano", 0), ("acoustic_grand_piano", 0), ("vibraphone", 11),
        ("Electric Guitar (jazz)", 26), ("organ", 16), ("sax", 65), ("flute", 73), ("127", 127),
        ("strings", 48), ("violin", 40),
    ],
)  # fmt: skip
def test_an_instrument_is_found_by_name_part_or_number(name: str, number: int) -> None:
    assert program_number(name) == number


def test_every_program_is_found_by_its_own_name() -> None:
    assert [program_number(program_name(n)) for n in range(128)] == list(range(128))


@pytest.mark.parametrize(
    ("name", "said"),
    [("violn", "violin"), ("128", "0 to 127"), ("", "piano"), ("kazoo", "127"),
     ("Flöte", r"did you mean flute\? ")],
)  # fmt: skip
def test_an_unknown_instrument_is_refused_with_near_names(name: str, said: str) -> None:
    with pytest.raises(UnknownNameError, match=said) as caught:
        program_number(name)
    assert "\n" not in str(caught.value)
