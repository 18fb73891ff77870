import pytest

from mood2music.page.hosts import Hosts, Place, as_host, is_own, parse_host


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("localhost", Place("localhost", None)),
        ("LocalHost.:7860", Place("localhost", 7860)),
        ("localhost:", Place("localhost", None)),
        ("127.0.0.1:80", Place("127.0.0.1", 80)),
        ("[::1]", Place("[::1]", None)),
        ("[0:0:0:0:0:0:0:1]:7860", Place("[::1]", 7860)),
    ],
)
def test_a_host_has_one_spelling(text: str, place: Place) -> None:
    assert parse_host(text) == place


@pytest.mark.parametrize(
    "text",
    [
        *("", ":7860", "localhost:99999", "localhost:a", "localhost:-1", "localhost:123456"),
        *("::1", "[::1", "[::1%25lo]", "[localhost]", "localhost..", "a..b", ".localhost", "."),
        *(
            "localhost@evil.example",
            "localhost/evil",
            "localhost evil",
            "localhost,evil",
            "lo\tcal",
        ),
        *("http://localhost", "localhost#", "localhost?", "localhost\\", "löcalhost", "*"),
    ],
)
def test_what_is_no_host_is_none(text: str) -> None:
    assert parse_host(text) is None


def answers(host: str, *names: str, arrived: str | None = None) -> bool:
    place = parse_host(host)
    assert place is not None
    return Hosts(names).answers(place, arrived)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST.", "localhost:8000"]
)
def test_this_machine_is_always_answered(host: str) -> None:
    assert answers(host)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "localhost.evil.example",
            "evil.localhost",
            "127.0.0.1.nip.io",
            "localhos",
        ),
        *("127.0.0.2", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "192.168.1.5", "[::2]", "[::]"),
        *("[::ffff:127.0.0.1]", "10.0.0.1:7860"),
    ],
)
def test_other_names_and_addresses_are_not(host: str) -> None:
    assert not answers(host)


def test_names_that_were_given_are_answered_with_their_port_or_any() -> None:
    assert answers("music.example:1", "Music.example")
    assert answers("music.example:8443", "music.example:8443")
    assert not answers("music.example", "music.example:8443")
    assert not answers("a.music.example", "music.example")
    assert answers("[fe80::1]:7860", "fe80::1")
    with pytest.raises(ValueError, match="http://x"):
        Hosts(["http://x"])


def test_the_address_that_a_request_came_to_is_answered() -> None:
    assert answers("192.168.1.5:7860", arrived="192.168.1.5")
    assert not answers("192.168.1.6:7860", arrived="192.168.1.5")
    assert answers("[fe80::1]", arrived="fe80::1%eth0")
    assert as_host("::1") == as_host("[::1]") == "[::1]"


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://localhost:7860", "localhost:7860", True),
        ("http://LOCALHOST:7860", "localhost:7860", True),
        ("http://localhost", "localhost:80", True),
        ("https://music.example", "music.example", True),
        ("https://music.example:443", "music.example", True),
        ("http://[::1]:7860", "[::1]:7860", True),
        ("http://localhost:3000", "localhost:7860", False),
        ("http://localhost", "localhost:7860", False),
        ("http://127.0.0.1:7860", "localhost:7860", False),
        ("https://localhost", "localhost:80", False),
        ("http://evil.example", "localhost:7860", False),
        ("http://localhost:7860.evil.example", "localhost:7860", False),
        ("http://localhost:7860/", "localhost:7860", False),
        ("http://a@localhost:7860", "localhost:7860", False),
        ("chrome-extension://localhost:7860", "localhost:7860", False),
        *((bad, "localhost:7860", False) for bad in ("null", "", "localhost:7860", "file://")),
    ],
)
def test_an_origin_is_the_pages_own_to_the_port(origin: str, host: str, own: bool) -> None:
    place = parse_host(host)
    assert place is not None
    assert is_own(origin, place) is own
