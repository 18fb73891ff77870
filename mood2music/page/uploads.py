"""Counts uploaded files when they come; each is taken once for each time that it came.

Gradio names an upload by its content, so two visitors who send the same photo share a file: it has
to stay until both were served.
"""

import json
import shutil
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.errors import InputError
from mood2music.page.gate import HEARD, App, answer, drain, values, worded
from mood2music.page.login import client_of
from mood2music.page.run_folders import TAKEN

# Bytes of a request around its files: the form's edges and names.
AROUND = 64 << 10
# Digits of a length; one with more is larger than any limit.
DIGITS = 15
# Files that may wait to be used, of all visitors together.
FILES = 400


@dataclass(frozen=True)
class Limits:
    """Bytes of a file; of all that waits; bytes and files of one machine in ten minutes."""

    file: int
    waiting: int
    machine: int
    files: int


class Uploads:
    """How often each file came and was not taken yet, and how much each machine sent."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """`folder`: where uploads lie; `limits`: above which more is refused."""
        self._folder, self.limits = folder, limits
        self._waiting: Counter[Path] = Counter()
        self._sent: dict[str, deque[tuple[float, int, int]]] = {}
        self._lock = threading.Lock()

    def came(self, files: list[Path]) -> None:
        """Count files that were uploaded."""
        with self._lock:
            self._waiting.update(files)

    def begin(self, client: str, size: int, now: float) -> str:
        """Count a request of `size` bytes by a machine; give why it is refused, "" where not."""
        limits = self.limits
        if size > limits.file + AROUND:
            return f"a file may have {_mb(limits.file)} MB here"
        if self.full():
            return "too many files wait here: try again in a few minutes"
        with self._lock:
            for name, sent in list(self._sent.items()):
                while sent and now - sent[0][0] > TAKEN:
                    sent.popleft()
                if not sent:
                    del self._sent[name]
            own = self._sent.setdefault(client, deque())
            if sum(files for _, _, files in own) >= limits.files:
                return f"{limits.files} files in ten minutes are enough: try again later"
            if sum(bytes_ for _, bytes_, _ in own) + size > limits.machine:
                return f"{_mb(limits.machine)} MB in ten minutes are enough: try again later"
            own.append((now, size, 1))
        return ""

    def more(self, client: str, files: int, now: float) -> None:
        """Count files that came in one request beside its first."""
        with self._lock:
            if files > 0:
                self._sent.setdefault(client, deque()).append((now, 0, files))

    def take(self, file: Path, folder: Path) -> Path:
        """Copy an uploaded file into `folder`; the upload goes when nobody waits for it any more.

        Raises InputError for a file that is no upload, or one that was not taken in time.
        """
        with self._lock:
            if self._folder not in file.parents or not file.is_file():
                raise InputError(f"{file.name} is no longer there: send it again")
            kept = Path(shutil.copy(file, folder / file.name))
            self._waiting[file] -= 1
            if self._waiting[file] <= 0:
                del self._waiting[file]
                file.unlink()
        return kept

    def full(self) -> bool:
        """Whether so much waits that no more is taken."""
        sizes = [_size(file) for file in self._folder.rglob("*")]
        return sum(sizes) > self.limits.waiting or sum(size > 0 for size in sizes) >= FILES


def _size(file: Path) -> int:
    """Bytes of a file; 0 for a folder, or a file that went meanwhile."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except FileNotFoundError:
        return 0


def _mb(size: int) -> int:
    return max(1, size >> 20)


class CountUploads:
    """ASGI middleware that tells `Uploads` what came, and refuses what would be too much."""

    def __init__(self, app: App, uploads: Uploads, proxied: bool) -> None:
        """`app`: what answers; `proxied`: as client_of."""
        self.app, self.uploads, self.proxied = app, uploads, proxied

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; of an upload read the answer along, which lists the files."""
        if scope["type"] != "http" or not scope["path"].rstrip("/").endswith("/upload"):
            await self.app(scope, receive, send)
            return
        length = values(scope, b"content-length")
        if len(length) != 1 or not length[0].isdigit():
            await answer(send, 411, "an upload has to tell its length")
            return
        client = client_of(scope, self.proxied)
        size = int(length[0][:DIGITS])
        if why := self.uploads.begin(client, size, time.monotonic()):
            await drain(receive, HEARD * self.uploads.limits.file)
            status = 413 if size > self.uploads.limits.file + AROUND else 429
            await answer(send, status, why)
            return
        body = b""

        async def heard(message: Any) -> None:
            nonlocal body
            if message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    files = _paths(body)
                    self.uploads.came(files)
                    self.uploads.more(client, len(files) - 1, time.monotonic())
            await send(message)

        most = f"a file may have {_mb(self.uploads.limits.file)} MB here"
        broken = "the page was sent no whole file: send it again"
        await self.app(scope, receive, worded(heard, {413: most, 400: broken, 500: broken}))


def _paths(answer: bytes) -> list[Path]:
    """The files that an answer to an upload lists; none in a refusal."""
    try:
        listed = json.loads(answer)
    except ValueError:
        return []
    if not isinstance(listed, list):
        return []
    return [Path(path) for path in listed if isinstance(path, str)]
