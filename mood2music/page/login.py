"""Makes whoever tries to log in wait longer after each wrong attempt but the first few.

A refused attempt is answered before the password is looked at, so that guessing tells nothing
while one waits, whether the guess was right or not.
"""

import ipaddress
import math
import threading
import time
from dataclasses import dataclass
from typing import Any

from mood2music.page.gate import App, refuse, values, worded

# Wrong attempts that cost nothing, then seconds that double up to the most: of one client, and of
# all together, so that many addresses do not guess faster (OWASP, Authentication Cheat Sheet).
FREE, LONGEST = 5, 900.0
FREE_OF_ALL, LONGEST_OF_ALL = 30, 60.0
# Seconds after which attempts are forgotten; clients that are remembered at most.
FORGOTTEN = 3600.0
REMEMBERED = 10_000
# Bytes of a name and a password.
BODY = 16 << 10


@dataclass
class Tries:
    """Wrong attempts so far, and when the last one was (seconds of the monotonic clock)."""

    wrong: int = 0
    last: float = -math.inf

    def wait(self, now: float, free: int, longest: float) -> float:
        """Seconds until the next attempt is looked at."""
        if self.wrong < free:
            return 0.0
        return max(0.0, self.last + min(longest, 2.0 ** min(self.wrong - free, 40)) - now)


class Attempts:
    """Who tried to log in how often."""

    def __init__(self) -> None:
        """Nobody did."""
        self._clients: dict[str, Tries] = {}
        self._all = Tries()
        self._lock = threading.Lock()

    def begin(self, client: str, now: float) -> float:
        """Count an attempt as wrong until it is known; give seconds to wait where it is refused."""
        with self._lock:
            self._forget(now)
            own = self._clients.get(client, Tries())
            waits = (
                own.wait(now, FREE, LONGEST),
                self._all.wait(now, FREE_OF_ALL, LONGEST_OF_ALL),
            )
            if max(waits) > 0:
                return max(waits)
            self._clients[client] = Tries(own.wrong + 1, now)
            self._all = Tries(self._all.wrong + 1, now)
            return 0.0

    def succeed(self, client: str) -> None:
        """Forget the client's attempts: the password was right."""
        with self._lock:
            own = self._clients.pop(client, Tries())
            self._all.wrong = max(0, self._all.wrong - own.wrong)

    def _forget(self, now: float) -> None:
        if now - self._all.last > FORGOTTEN:
            self._all = Tries()
        if len(self._clients) >= REMEMBERED:
            by_age = sorted(self._clients.items(), key=lambda item: item[1].last)
            self._clients = dict(by_age[REMEMBERED // 2 :])
        for client in [c for c, tries in self._clients.items() if now - tries.last > FORGOTTEN]:
            del self._clients[client]


class LimitLogin:
    """ASGI middleware that lets Attempts decide which passwords are looked at."""

    def __init__(self, app: App, proxied: bool) -> None:
        """`app`: what answers; `proxied`: as client_of."""
        self.app, self.proxied, self.attempts = app, proxied, Attempts()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or tell how long to wait."""
        login = scope["type"] == "http" and scope["path"].rstrip("/") == "/login"
        if not login or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        length = values(scope, b"content-length")
        if len(length) != 1 or not length[0].isdigit() or int(length[0]) > BODY:
            await refuse(send, 413, "a name and a password are expected, of a length that is told")
            return
        client = client_of(scope, self.proxied)
        wait = self.attempts.begin(client, time.monotonic())
        if wait:
            seconds = math.ceil(wait)
            why = f"too many wrong passwords: wait {seconds} s, then try again"
            await refuse(send, 429, why, ((b"retry-after", str(seconds).encode()),))
            return

        async def heard(message: Any) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self.attempts.succeed(client)
            await send(message)

        await self.app(scope, receive, worded(heard, {422: "a name and a password are expected"}))


def client_of(scope: Any, proxied: bool) -> str:
    """Name the machine that a request comes from: its address, of IPv6 the network of 64 bits.

    `proxied`: whether a proxy on this machine stands before the page; then the address that it
    told last is taken (X-Forwarded-For), which no visitor can write.
    """
    address = str((scope.get("client") or ("",))[0])
    told = values(scope, b"x-forwarded-for")
    try:
        if proxied and told and ipaddress.ip_address(address).is_loopback:
            address = told[-1].split(",")[-1].strip()
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address[:64]
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))


def machine_of(request: Any, proxied: bool) -> str:
    """Name the machine that one of Gradio's requests comes from; `proxied`: as client_of."""
    return client_of(getattr(request.request, "scope", {"headers": ()}), proxied)
