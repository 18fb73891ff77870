"""Sends with each answer of the page what the browser may load and run for it.

No script stands in the page but those that came with it: each has the answer's own number (a nonce,
CSP level 3). Two holes are left, both Gradio's: its HTML component makes functions of the
templates and scripts that it is given ('unsafe-eval'), and its front end writes styles into the
page ('unsafe-inline', for styles alone).
"""

import re
import secrets
from typing import Any

from mood2music.page.gate import App

SCRIPT = re.compile(rb"<script(?=[\s>])")


def policy(nonce: str = "") -> str:
    """Give the Content-Security-Policy of an answer whose scripts have this nonce."""
    scripts = f" 'nonce-{nonce}'" if nonce else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{scripts} 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


class Policy:
    """ASGI middleware that sends the policy with every answer, and numbers a page's scripts."""

    def __init__(self, app: App) -> None:
        """`app`: what answers."""
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; a page is held back until it is whole."""
        nonce = secrets.token_urlsafe(16)
        start: dict[str, Any] = {}
        body = b""

        async def told(message: Any) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                page = dict(headers).get(b"content-type", b"").startswith(b"text/html")
                rule = policy(nonce if page else "")
                message = {
                    **message,
                    "headers": [*headers, (b"content-security-policy", rule.encode())],
                }
                if page:
                    start = message
                    return
            elif start and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                body = SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', body)
                kept = [h for h in start["headers"] if h[0].lower() != b"content-length"]
                length = (
                    ()
                    if scope["method"] == "HEAD"
                    else ((b"content-length", str(len(body)).encode()),)
                )
                await send({**start, "headers": [*kept, *length]})
                message = {"type": "http.response.body", "body": body}
            await send(message)

        await self.app(scope, receive, told)
