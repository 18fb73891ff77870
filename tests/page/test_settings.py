import pytest

from mood2music.errors import SettingsError
from mood2music.page.settings import AppSettings


def test_the_page_is_for_this_machine_alone_unless_asked() -> None:
    settings = AppSettings()
    settings.check()
    assert settings.host == "127.0.0.1"
    assert settings.account() is None
    assert AppSettings(auth="ada:a:b").account() == ("ada", "a:b")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"port": 70000}, "app.port=70000: expected 1 to 65535"),
        ({"workers": 0}, "app.workers=0: expected 1 or more"),
        ({"keep_minutes": 0.0}, "app.keep_minutes=0: expected minutes above 0"),
        ({"auth": "ada"}, "app.auth: expected user:password"),
        ({"auth": "ada:"}, "app.auth: expected user:password"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        AppSettings(**wrong).check()  # type: ignore[arg-type]
