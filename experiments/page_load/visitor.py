"""A visitor of the page without a browser: speaks to the queue as the page's own scripts do."""

import json
import secrets
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Visitor:
    """One browser session."""

    def __init__(self, address: str, cookie: str = "") -> None:
        """Ask for the page at `address`; `cookie`: of a login."""
        self.address = address.rstrip("/")
        self.session = secrets.token_hex(6)
        self.cookie = cookie
        self.config = json.loads(self.get("/config"))
        self.ids = {
            part["props"]["elem_id"]: part["id"]
            for part in self.config["components"]
            if part["props"].get("elem_id")
        }

    def request(self, path: str, data: bytes | None = None, kind: str = "application/json") -> Any:
        """Send a request, a POST when there is `data`; give the open answer."""
        headers = {"Content-Type": kind, "Cookie": self.cookie}
        asked = urllib.request.Request(self.address + path, data, headers)
        return urllib.request.urlopen(asked, timeout=120)

    def get(self, path: str) -> bytes:
        """Fetch what lies at `path`."""
        with self.request(path) as answer:
            content: bytes = answer.read()
        return content

    def upload(self, file: Path) -> dict[str, Any]:
        """Send a file; give what a file field's value is then."""
        edge = secrets.token_hex(8)
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += file.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        kind = f"multipart/form-data; boundary={edge}"
        with self.request("/gradio_api/upload", body, kind) as answer:
            (path,) = json.loads(answer.read())
        return {"path": path, "orig_name": file.name, "meta": {"_type": "gradio.FileData"}}

    def events(self, part: str, event: str, data: list[Any]) -> Iterator[dict[str, Any]]:
        """Fire an event of the part with this elem_id; give the messages of the queue."""
        yield from self.joined(self.number(part, event), data)

    def joined(self, number: int, data: list[Any]) -> Iterator[dict[str, Any]]:
        """Join the queue for a function; give the messages."""
        joined = {"data": data, "fn_index": number, "session_hash": self.session}
        self.request("/gradio_api/queue/join", json.dumps(joined).encode()).close()
        with self.request(f"/gradio_api/queue/data?session_hash={self.session}") as stream:
            for line in stream:
                if line.startswith(b"data:"):
                    message = json.loads(line[5:])
                    yield message
                    if message["msg"] in ("process_completed", "close_stream"):
                        return

    def number(self, part: str, event: str) -> int:
        """Find the function that an event of a part calls first."""
        target = [self.ids[part], event]
        for told in self.config["dependencies"]:
            if target in told["targets"] and told["backend_fn"]:
                return int(told["id"])
        raise LookupError(f"{part} has no {event}")

    def call(self, part: str, event: str) -> list[Any]:
        """Fire an event that does not wait in the queue; give the values of its outputs."""
        number = self.number(part, event)
        asked = {"data": [], "fn_index": number, "session_hash": self.session}
        with self.request("/gradio_api/run/predict", json.dumps(asked).encode()) as answer:
            values: list[Any] = json.loads(answer.read())["data"]
        return values

    def begun(self, part: str, event: str, data: list[Any]) -> Iterator[dict[str, Any]]:
        """Press a button that takes a ticket; give the messages of what follows in the queue."""
        first = self.number(part, event)
        ticket = self.call(part, event)[0]
        (then,) = (
            told["id"] for told in self.config["dependencies"] if told["trigger_after"] == first
        )
        yield from self.joined(then, [ticket, *data])

    def run(self, part: str, event: str, data: list[Any]) -> list[Any]:
        """Press a button that takes a ticket; give the values at the end of what follows."""
        return last(self.begun(part, event, data))

    def fire(self, part: str, event: str, data: list[Any]) -> list[Any]:
        """Fire an event and give the values of its outputs at its end."""
        return last(self.events(part, event, data))


def last(messages: Iterator[dict[str, Any]]) -> list[Any]:
    """Give the values that the last of the queue's messages brings."""
    values: list[Any] = []
    for message in messages:
        if message["msg"] in ("process_generating", "process_completed"):
            output = message["output"]
            assert message["success"], output
            if message["msg"] == "process_completed" or not values:
                values = output["data"] or values
    return values
