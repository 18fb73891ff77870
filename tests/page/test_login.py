import pytest

from mood2music.page.login import (
    FORGOTTEN,
    FREE,
    FREE_OF_ALL,
    LONGEST,
    LONGEST_OF_ALL,
    REMEMBERED,
    Attempts,
    client_of,
)


def test_the_wait_doubles_and_ends() -> None:
    attempts, now = Attempts(), 0.0
    assert [attempts.begin("a", now) for _ in range(FREE)] == [0.0] * FREE
    waits = []
    for _ in range(15):
        waits.append(attempts.begin("a", now))
        now += waits[-1]
        assert attempts.begin("a", now) == 0.0
    assert waits == [min(2.0**n, LONGEST) for n in range(15)]


def test_an_attempt_during_the_wait_makes_it_no_longer() -> None:
    attempts = Attempts()
    for _ in range(FREE):
        attempts.begin("a", 0.0)
    assert [attempts.begin("a", 0.5) for _ in range(100)] == [0.5] * 100
    assert attempts.begin("a", 1.0) == 0.0


def test_many_addresses_together_wait_as_well() -> None:
    attempts = Attempts()
    waits = [attempts.begin(str(number), 0.0) for number in range(FREE_OF_ALL + 10)]
    assert waits == [0.0] * FREE_OF_ALL + [1.0] * 10
    now = 0.0
    for number in range(20):
        now += LONGEST_OF_ALL
        assert attempts.begin(f"late {number}", now) == 0.0
    assert attempts.begin("one more", now) == LONGEST_OF_ALL


def test_who_knows_the_password_begins_anew_and_others_do_not_pay() -> None:
    attempts = Attempts()
    for _ in range(10):
        for _ in range(FREE - 1):
            assert attempts.begin("a", 0.0) == 0.0
        attempts.succeed("a")
    assert attempts.begin("b", 0.0) == 0.0


def test_attempts_are_forgotten_and_take_no_memory() -> None:
    attempts = Attempts()
    for _ in range(FREE):
        attempts.begin("a", 0.0)
    assert attempts.begin("a", 0.0) > 0
    for number in range(3 * REMEMBERED):
        attempts.begin(str(number), FORGOTTEN * (number + 2))
    assert len(attempts._clients) <= REMEMBERED
    assert attempts.begin("a", FORGOTTEN * 4 * REMEMBERED) == 0.0


@pytest.mark.parametrize(
    ("address", "told", "proxied", "client"),
    [
        ("192.0.2.1", None, False, "192.0.2.1"),
        ("127.0.0.1", "192.0.2.7", False, "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7", True, "192.0.2.7"),
        ("127.0.0.1", "1.1.1.1, 192.0.2.7", True, "192.0.2.7"),
        ("192.0.2.1", "192.0.2.7", True, "192.0.2.1"),
        ("127.0.0.1", "nonsense", True, "nonsense"),
        ("2001:db8::1:2:3:4", None, False, "2001:db8::/64"),
        ("::ffff:192.0.2.1", None, False, "192.0.2.1"),
    ],
)
def test_a_client_is_an_address(address: str, told: str | None, proxied: bool, client: str) -> None:
    headers = [] if told is None else [(b"x-forwarded-for", told.encode())]
    assert client_of({"client": (address, 1), "headers": headers}, proxied) == client
