"""Checks what is sent straight to the page's functions, and refuses what is no call of its scripts.

What a value means is judged by `form` and the actions; here it is a call of a known function, with
as many values as it takes, numbers that are numbers, and files that were uploaded.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from mood2music.errors import InputError
from mood2music.page.gate import HEARD, App, answer, drain, worded

API = "/gradio_api/"
CALLS = ("queue/join", "run/predict", "cancel", "reset")
# Bytes of one call: `more` sends the shown results back, four variants of a thousand notes.
BODY = 4 << 20
SESSION = re.compile(r"[\w-]{1,64}", re.A)
# Files of one field.
MOST = 60
# Digits of a whole number: no count or identity of the page has more.
DIGITS = 15
WORDS = {
    400: "the page cannot take that: reload it, then try again",
    404: "the page knows nothing of that: reload it, then try again",
    413: "that is too large for the page",
    422: "the page cannot take that: reload it, then try again",
    500: "something went wrong that should not: the page's log says what",
    503: "too many wait already: try again in a minute",
}


def read_json(body: bytes) -> Any:
    """Read JSON whose numbers are finite and of a usual size. Raises InputError for other bytes."""
    try:
        return json.loads(body, parse_constant=_none, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError):
        raise InputError("the page was sent something that is no JSON") from None


def _none(text: str) -> float:
    raise InputError(f"the page was sent {text}, which is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InputError("the page was sent a number without end")
    return number


def _whole(text: str) -> int:
    if len(text) > DIGITS:
        raise InputError("the page was sent a number without end")
    return int(text)


def checked(call: Any, functions: Mapping[int, Sequence[int]], uploads: Path) -> dict[str, Any]:
    """Give a call with what Gradio needs of it, all else left out.

    functions: number of a function to how many files each of its values holds: 0, 1, or 2 for
    several; uploads: where files lie.
    Raises InputError for what is no call of one of them.
    """
    if not isinstance(call, dict):
        raise InputError("the page was sent something that calls none of its functions")
    number, data, session = (call.get(name) for name in ("fn_index", "data", "session_hash"))
    if isinstance(number, bool) or not isinstance(number, int) or number not in functions:
        raise InputError("the page has no function of that number: reload it")
    if not isinstance(session, str) or not SESSION.fullmatch(session):
        raise InputError("the page was sent no name of a session: reload it")
    files = functions[number]
    if not isinstance(data, list) or len(data) != len(files):
        raise InputError(f"that function of the page takes {len(files)} values, in a list")
    trigger = call.get("trigger_id")
    return {
        "fn_index": number,
        "session_hash": session,
        "data": [_given(x, count, uploads) for x, count in zip(data, files, strict=True)],
        "trigger_id": trigger if isinstance(trigger, int) else None,
    }


def _given(given: Any, count: int, uploads: Path) -> Any:
    """Give a field's value; count: 0 where it is no file, 1 of one, 2 of several in a list."""
    if not count:
        return given
    if count == 1 or not isinstance(given, list):
        return _file(given, uploads)
    if len(given) > MOST:
        raise InputError(f"{len(given)} files are too many: send at most {MOST}, or a zip of them")
    return [_file(one, uploads) for one in given if one is not None]


def _file(given: Any, uploads: Path) -> dict[str, Any] | None:
    """Give the value of an uploaded file, or None."""
    if given is None:
        return None
    path = given.get("path") if isinstance(given, dict) else None
    if not isinstance(path, str) or "\0" in path or len(path) > 1000:
        raise InputError("that is no file sent to this page: send it again")
    file = Path(path)
    if uploads not in file.parents or ".." in file.parts:
        raise InputError(f"{file.name[:80]} is no file sent to this page: send it again")
    return {"path": path, "orig_name": file.name, "meta": {"_type": "gradio.FileData"}}


class Calls:
    """ASGI middleware that checks every call, and words Gradio's refusals."""

    def __init__(
        self,
        app: App,
        functions: Mapping[int, Sequence[int]],
        uploads: Path,
        crowded: Callable[[Any], bool],
        listening: Callable[[str], bool],
    ) -> None:
        """`app`: what answers; functions, uploads: as `checked`.

        crowded: whether who sent a request (its scope) has as much waiting as one visitor may;
        listening: whether a session is known to the queue.
        """
        self.app, self.functions, self.uploads = app, functions, uploads
        self.crowded, self.listening = crowded, listening

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, or refuse in one sentence."""
        name = scope["path"].removeprefix(API).rstrip("/") if scope["type"] == "http" else ""
        if name == "queue/data":
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])
            if not self.listening(asked[-1]):
                await answer(send, 404, "no call of that session waits here: reload the page")
                return
        if name not in CALLS or scope["method"] != "POST":
            told = worded(send, WORDS) if scope.get("path", "").startswith(API) else send
            await self.app(scope, receive, told)
            return
        body = await whole_body(receive, BODY)
        if body is None:
            await answer(send, 413, "that is too much for one call of the page")
            return
        try:
            call = read_json(body)
            if name in ("cancel", "reset"):
                call = cancelling(call)
            else:
                call = checked(call, self.functions, self.uploads)
        except InputError as error:
            await answer(send, 400, str(error))
            return
        if name == "queue/join" and self.crowded(scope):
            await answer(send, 429, "you have much waiting here already: let some of it end first")
            return
        sent = json.dumps(call).encode()
        scope["headers"] = [
            *(h for h in scope["headers"] if h[0] not in (b"content-length", b"content-type")),
            (b"content-length", str(len(sent)).encode()),
            (b"content-type", b"application/json"),
        ]
        await self.app(scope, replayed(sent, receive), worded(send, WORDS))


def cancelling(call: Any) -> dict[str, Any]:
    """Give a wish to end a call. Raises InputError for anything else."""
    if not isinstance(call, dict):
        raise InputError("the page was sent something that ends none of its calls")
    event, session, number = (call.get(name) for name in ("event_id", "session_hash", "fn_index"))
    if not all(
        text is None or (isinstance(text, str) and len(text) < 100) for text in (event, session)
    ):
        raise InputError("the page has no call of that name")
    number = number if isinstance(number, int) else 0
    return {"event_id": event or "", "session_hash": session or "", "fn_index": number}


async def whole_body(receive: Any, most: int) -> bytes | None:
    """Read a request's body; None for one of more than `most` bytes, or one that breaks off."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        more = bool(message.get("more_body"))
        if len(body) > most:
            if more:
                await drain(receive, HEARD * most)
            return None
        if not more:
            return body


def replayed(body: bytes, receive: Any) -> Any:
    """Give a `receive` that hands out a body that was read, then what comes."""
    rest = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Any:
        return rest.pop() if rest else await receive()

    return again
