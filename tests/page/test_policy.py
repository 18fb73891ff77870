import asyncio
import re
from typing import Any

import pytest

from mood2music.page.policy import Policy, policy


def answered(kind: bytes, *parts: bytes, method: str = "GET") -> tuple[dict[bytes, bytes], bytes]:
    """Headers and body that a browser gets of an app's answer in parts."""
    sent: list[Any] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        length = (b"content-length", str(sum(map(len, parts))).encode())
        headers = [(b"content-type", kind), length]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, part in enumerate(parts, 1):
            more = number < len(parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Policy(app)({"type": "http", "method": method}, None, send))
    return dict(sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])


def test_the_scripts_of_a_page_bear_its_number_and_no_other_page_has_it() -> None:
    seen = set()
    for _ in range(2):
        told, body = answered(b"text/html; charset=utf-8", b"<scr", b"ipt>1</script><script src=a>")
        (nonce,) = set(re.findall(rb'<script nonce="([\w-]+)"', body))
        assert body == b'<script nonce="%b">1</script><script nonce="%b" src=a>' % (nonce, nonce)
        assert told[b"content-length"] == str(len(body)).encode()
        assert told[b"content-security-policy"].decode() == policy(nonce.decode())
        seen.add(nonce)
    assert len(seen) == 2


@pytest.mark.parametrize("kind", [b"application/json", b"text/javascript", b"audio/wav"])
def test_what_is_no_page_goes_out_as_it_is_and_has_no_number(kind: bytes) -> None:
    told, body = answered(kind, b"<script>", b"x")
    assert body == b"<script>x"
    assert told[b"content-security-policy"].decode() == policy()
    assert "nonce" not in policy()


def test_no_script_stands_in_the_page_without_a_number_and_no_other_host_is_asked() -> None:
    rules = dict(rule.split(" ", 1) for rule in policy("n").split("; "))
    assert rules["script-src"] == "'self' 'nonce-n' 'unsafe-eval'"
    assert rules["default-src"] == rules["frame-ancestors"] == "'none'"
    assert not re.search(r"https?:|\*", policy("n"))
