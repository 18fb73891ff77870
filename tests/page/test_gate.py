import http.client
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.page.conftest import Serving

pytestmark = pytest.mark.slow


def ask(
    page: str, path: str, headers: dict[str, str] | None = None, method: str = "GET", body: str = ""
) -> tuple[int, str, http.client.HTTPMessage]:
    """Send just these headers; give status, text and headers of the answer."""
    place = urllib.parse.urlsplit(page)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": place.netloc, **(headers or {})}
        for name, value in sent.items():
            for one in value.split("|"):
                if one != "none":
                    connection.putheader(name, one)
        if body or method == "POST":
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode())
        answer = connection.getresponse()
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return answer.status, "", answer.headers
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


API = (
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/cancel"),
    ("POST", "/login"),
    ("GET", "/gradio_api/queue/data?session_hash=abc"),
    ("GET", "/gradio_api/heartbeat/abc"),
    ("GET", "/config"),
    ("GET", "/logout"),
)


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:7860", "LOCALHOST.", "127.0.0.1:1", "[::1]:7860"]
)
def test_this_machines_names_are_answered(page: str, host: str) -> None:
    assert ask(page, "/", {"Host": host})[0] == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *((h, 403) for h in ("evil.example", "evil.example:7860", "localhost.evil.example.")),
        *((h, 403) for h in ("0.0.0.0", "192.0.2.1", "[::2]", "127.0.0.1.nip.io")),
        *((h, 400) for h in ("", "none", "localhost|evil.example", "localhost|localhost")),
        *((h, 400) for h in ("localhost:x", "evil@localhost", "localhost/", "[::1", "a b")),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("OPTIONS", "/"), *API[:3]])
def test_other_names_are_refused_everywhere(
    page: str, method: str, path: str, host: str, status: int
) -> None:
    got, text, _ = ask(page, path, {"Host": host, "Origin": "http://evil.example"}, method)
    assert got in (400, 403)
    assert method == "OPTIONS" or got == status
    assert "Traceback" not in text


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Forwarded-Server", "Forwarded", "X-Host"])
def test_what_a_proxy_would_tell_makes_no_name_good_and_goes_nowhere(page: str, name: str) -> None:
    assert ask(page, "/", {"Host": "evil.example", name: "localhost"})[0] == 403
    status, text, _ = ask(page, "/", {name: "host=evil.example"})
    assert status == 200
    assert "evil.example" not in text


@pytest.mark.parametrize(("method", "path"), API)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "anything"},
    ],
)
def test_another_site_can_ask_for_nothing(
    page: str, method: str, path: str, headers: dict[str, str]
) -> None:
    status, text, told = ask(page, path, headers, method)
    assert status == 403
    assert text == "this page takes requests from itself only, not from another web site\n"
    assert told["access-control-allow-origin"] is None


def test_another_site_may_link_to_the_page_but_not_ask_by_a_script(page: str) -> None:
    assert ask(page, "/", {"Sec-Fetch-Site": "cross-site"})[0] == 200
    assert ask(page, "/", {"Origin": "http://evil.example"})[0] == 403
    wish = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    status, _, told = ask(page, "/gradio_api/upload", wish, "OPTIONS")
    assert status == 403
    assert told["access-control-allow-origin"] is None


def test_the_page_itself_and_programs_are_answered(page: str) -> None:
    own = {"Origin": page.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert ask(page, "/config", own)[0] == 200
    assert ask(page, "/config")[0] == 200
    assert ask(page, "/config", {"Sec-Fetch-Site": "none"})[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/gradio_api/proxy=http://localhost/", 404),
        ("GET", "/gradio_api/file=http://localhost/", 404),
        ("GET", "/gradio_api/file=data:text/html,x", 404),
        ("POST", "/gradio_api/vibe-edit", 404),
        ("POST", "/gradio_api/process_recording", 404),
        ("POST", "/gradio_api/component_server", 404),
        ("POST", "/gradio_api/call/write", 404),
        ("GET", "/gradio_api/token", 404),
        ("GET", "/monitoring", 404),
        ("GET", "/docs", 404),
        ("PUT", "/", 405),
        ("TRACE", "/", 405),
        ("DELETE", "/gradio_api/upload", 405),
    ],
)
def test_the_page_has_the_addresses_that_it_uses(
    page: str, method: str, path: str, status: int
) -> None:
    got, text, _ = ask(page, path, method=method)
    assert got == status
    assert text.startswith("the page ")


@pytest.mark.parametrize("path", ["/", "/config", "/nowhere", "/theme.css"])
def test_every_answer_has_the_headers(page: str, path: str) -> None:
    _, _, told = ask(page, path)
    assert told["x-content-type-options"] == "nosniff"
    assert told["x-frame-options"] == "DENY"
    assert told["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in told["content-security-policy"]


def test_a_websocket_is_refused(page: str) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    for path in ("/", "/gradio_api/queue/join"):
        assert ask(page, path, upgrade)[0] in (400, 403, 405, 426)


@pytest.fixture(scope="module")
def guarded(serving: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page with a password, behind a proxy's name."""
    overrides = ("app.auth='ada:engine'", "app.hosts=[music.example]")
    with serving(tmp_path_factory.mktemp("guarded"), *overrides) as address:
        yield address


def login(page: str, password: str, client: str, path: str = "/login") -> tuple[int, str]:
    body = urllib.parse.urlencode({"username": "ada", "password": password})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": client}
    status, text, told = ask(page, path, kind, "POST", body)
    assert (status == 429) == (told["retry-after"] is not None)
    return status, text


def test_a_name_that_was_given_is_answered_and_its_own_origin_with_it(guarded: str) -> None:
    name = {"Host": "music.example", "Origin": "https://music.example"}
    assert ask(guarded, "/", name)[0] == 200
    assert ask(guarded, "/config", name)[0] == 401
    assert ask(guarded, "/", {**name, "Origin": "https://evil.example"})[0] == 403
    assert ask(guarded, "/", {"Host": "evil.example"})[0] == 403


def test_passwords_cannot_be_tried_one_after_another(guarded: str) -> None:
    tried = [
        login(guarded, str(n), "192.0.2.1", "/login/" if n % 2 else "/login") for n in range(40)
    ]
    assert [status for status, _ in tried[:5]] == [400] * 5
    assert {status for status, _ in tried[5:]} == {429}
    assert tried[-1][1].startswith("too many wrong passwords: wait ")
    # The right one is not looked at either, and another client need not wait.
    assert login(guarded, "engine", "192.0.2.1")[0] == 429
    assert login(guarded, "engine", "192.0.2.2")[0] == 200


def test_a_password_that_is_no_form_or_endless_is_refused_in_plain_words(guarded: str) -> None:
    assert login(guarded, "x" * 20_000, "192.0.2.3")[0] == 413


def test_a_page_for_the_network_answers_to_the_address_it_is_reached_at(
    serving: Serving, tmp_path: Path
) -> None:
    with serving(tmp_path, "app.host=0.0.0.0") as address:
        port = urllib.parse.urlsplit(address).port
        page = f"http://127.0.0.2:{port}"
        assert ask(page, "/")[0] == 200
        assert ask(page, "/", {"Host": "127.0.0.3"})[0] == 403
        assert ask(page, "/", {"Host": "localhost"})[0] == 200
