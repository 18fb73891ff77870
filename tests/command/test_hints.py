from mood2music.command.hints import MEANT
from mood2music.command.option_names import names
from tests.test_configs import FOLDERS


def test_what_is_meant_is_there() -> None:
    known = {option for command in FOLDERS for option in names(command, FOLDERS[command])}
    assert {option for option in MEANT.values() if option != "out"} <= known
