"""Answers a request that names this page and comes from it, and refuses any other.

What is asked of every request: a Host that the page answers to; for all but opening the page, an
Origin (or, of a browser, Sec-Fetch-Site) that is the page's own; and an address that the page has.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from mood2music.page.hosts import Hosts, Place, is_own, parse_host

App = Callable[[Any, Any, Any], Awaitable[None]]

# How often the largest size is read on of what is too large, so that the refusal is heard.
HEARD = 10
HEADERS = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
)
# What a proxy tells, of which Gradio would build addresses. Only https is taken from it.
FORWARDED = re.compile(rb"forwarded|x-forwarded-(?!proto$|for$).*|x-gradio-.*|x-original-.*", re.I)
# Every address that the page asks its server for, by method. Gradio has more: proxies to other
# hosts, recordings, an editor of the page, the token of a login.
ADDRESSES = {
    "GET": re.compile(
        r"/|/(config|theme\.css|favicon\.ico|robots\.txt|manifest\.json|logout)/?|/(assets|static)/.+"
        r"|/gradio_api/(info|app_id|theme\.css|startup-events|login_check|user|queue/data"
        r"|upload_progress)/?"
        r"|/gradio_api/heartbeat/[\w-]{1,64}|/gradio_api/file=(?!\w+:).+"
    ),
    "POST": re.compile(r"/login/?|/gradio_api/(upload|queue/join|run/predict|cancel|reset)/?"),
}
ADDRESSES["HEAD"] = ADDRESSES["GET"]


class Gate:
    """ASGI middleware that refuses what does not name this page, or comes from another one."""

    def __init__(self, app: App, hosts: Hosts) -> None:
        """`app`: what answers; `hosts`: the names that it answers to."""
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or refuse in one line."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # a WebSocket, which the page does not use
            await send({"type": "websocket.close", "code": 1008})
            return

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if why := refusal(scope, self.hosts):
            await refuse(told, *why)
            return
        scope["headers"] = [h for h in scope["headers"] if not FORWARDED.fullmatch(h[0])]
        await self.app(scope, receive, told)


def refusal(scope: Any, hosts: Hosts) -> tuple[int, str] | None:
    """Give status and reason for which a request is refused, None for one that is answered."""
    named = values(scope, b"host")
    host = parse_host(named[0]) if len(named) == 1 else None
    if host is None:
        return 400, "the request's Host header is missing, doubled or no host"
    arrived = (scope.get("server") or (None,))[0]
    if not hosts.answers(host, arrived):
        return 403, (
            "this page does not answer to that name: open it as it was printed, "
            "or let whoever runs it add the name to app.hosts"
        )
    if not comes_from_page(scope, host):
        return 403, "this page takes requests from itself only, not from another web site"
    if values(scope, b"upgrade"):
        return 400, "the page speaks plain HTTP only"
    pattern = ADDRESSES.get(scope["method"])
    if pattern is None:
        return 405, f"the page takes {', '.join(sorted(ADDRESSES))} only"
    if not pattern.fullmatch(scope["path"]):
        return 404, "the page has no such address"
    return None


def comes_from_page(scope: Any, host: Place) -> bool:
    """Whether a request is the page's own, or no browser's: programs send neither header."""
    origins = values(scope, b"origin")
    if any(not is_own(origin, host) for origin in origins):
        return False
    # A link from elsewhere may open the page: that changes nothing and tells the site nothing.
    if scope["path"] == "/" and scope["method"] in ("GET", "HEAD"):
        return True
    return all(site in ("same-origin", "none") for site in values(scope, b"sec-fetch-site"))


def values(scope: Any, name: bytes) -> list[str]:
    """Give all values of a header."""
    return [value.decode("latin-1").strip() for key, value in scope["headers"] if key == name]


async def refuse(send: Any, status: int, why: str, headers: tuple[Any, ...] = ()) -> None:
    """Answer with a status and one line."""
    body = f"{why}\n".encode()
    plain = (b"content-type", b"text/plain; charset=utf-8")
    length = (b"content-length", str(len(body)).encode())
    start = {"type": "http.response.start", "status": status, "headers": [plain, length, *headers]}
    await send(start)
    await send({"type": "http.response.body", "body": body})


async def drain(receive: Any, most: int) -> None:
    """Read on what is refused, at most so many bytes: who is still sending hears no answer."""
    while most > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body"):
            return
        most -= len(message.get("body", b""))


async def answer(send: Any, status: int, why: str) -> None:
    """Answer a call with a status and a sentence, as the page's scripts read it."""
    body = json.dumps({"detail": why, "error": why}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def worded(send: Any, words: Mapping[int, str]) -> Any:
    """Give a `send` that says an answer of these statuses in our words instead of the library's."""
    ours = False

    async def told(message: Any) -> None:
        nonlocal ours
        if message["type"] == "http.response.start" and message["status"] in words:
            ours = True
            await answer(send, message["status"], words[message["status"]])
        elif not ours:
            await send(message)

    return told


def unshared(app: App) -> App:
    """Put a door before an app that lets no other site read an answer.

    Gradio's own middleware, which stands before the gate, would tell browsers that some may, and
    answers their question (OPTIONS) itself; the page never asks it.
    """

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                kept = [h for h in headers if not h[0].lower().startswith(b"access-control-")]
                message = {**message, "headers": kept}
            await send(message)

        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            await refuse(told, 403, "this page takes requests from itself only")
        else:
            await app(scope, receive, told)

    return answer
