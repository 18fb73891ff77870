import pytest

from experiments.sound.programs import louder
from mood2music.render.balance import LOUDER, balanced


@pytest.mark.parametrize("program", [0, 11, 24, 40, 60, 73, 89])
def test_the_table_is_what_the_soundfont_plays(program: int) -> None:
    assert louder(program) == pytest.approx(LOUDER[program], abs=1)


def test_what_is_louder_than_the_piano_is_turned_down_by_as_much() -> None:
    assert len(LOUDER) == 128
    assert LOUDER[11] == 7
    assert balanced(100, 11) == pytest.approx(100 * 10 ** (-7 / 40))
    assert balanced(100, 89) > 100
