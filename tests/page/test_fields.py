import math
import re

import pytest

from mood2music.errors import SettingsError
from mood2music.page.fields import number, one_of, truth, whole, words


@pytest.mark.parametrize(
    "given", [None, True, "7", "", [7], {"a": 1}, math.nan, math.inf, -1, 11, 10**400, "x" * 999]
)
def test_a_number_is_a_number_of_its_range(given: object) -> None:
    for read in (number, whole):
        with pytest.raises(SettingsError) as told:
            read("length", given, 0, 10)
        assert re.fullmatch(r"length=.{0,43}: expected a (whole )?number, 0 to 10", str(told.value))


def test_what_a_field_holds_is_said_in_no_words_of_python() -> None:
    for read, given, said in (
        (lambda x: whole("n", x, 1, 4), 2.5, "n=2.5: expected a whole number, 1 to 4"),
        (lambda x: one_of("key", x, ["C", "D"]), ["C"], 'key=["C"]: expected C, D'),
        (lambda x: one_of("key", x, ["C", "D"]), None, "key=null: expected C, D"),
        (lambda x: words("structure", x), 7, "structure=7: expected at most 200 letters"),
        (lambda x: truth("keep_seed", x), "yes", "keep_seed=yes: expected true or false"),
    ):
        with pytest.raises(SettingsError) as told:
            read(given)
        assert str(told.value) == said
