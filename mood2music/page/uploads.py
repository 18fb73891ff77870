"""Uploaded files: counted when they come, each taken once for each time that it came.

Gradio names an upload by its content, so two visitors who send the same photo share a file: it has
to stay until both were served.
"""

import json
import shutil
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from mood2music.errors import InputError


class Uploads:
    """How often each file came and was not taken yet."""

    def __init__(self, folder: Path, most: int) -> None:
        """`folder`: where uploads lie; `most`: bytes that may lie there before more are refused."""
        self._folder, self._most = folder, most
        self._waiting: Counter[Path] = Counter()
        self._lock = threading.Lock()

    def came(self, files: list[Path]) -> None:
        """Count files that were uploaded."""
        with self._lock:
            self._waiting.update(files)

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
        files = (file for file in self._folder.rglob("*") if file.is_file())
        return sum(file.stat().st_size for file in files) > self._most


class CountUploads:
    """ASGI middleware that tells `Uploads` what came, and refuses what would fill the disk."""

    def __init__(self, app: Any, uploads: Uploads) -> None:
        """`app`: what answers."""
        self.app, self.uploads = app, uploads

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer; of an upload read the answer along, which lists the files."""
        if scope["type"] != "http" or not scope["path"].rstrip("/").endswith("/upload"):
            await self.app(scope, receive, send)
            return
        if self.uploads.full():
            await send({"type": "http.response.start", "status": 507, "headers": []})
            await send({"type": "http.response.body", "body": b"too many uploads wait: try later"})
            return
        body = b""

        async def heard(message: Any) -> None:
            nonlocal body
            if message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    self.uploads.came(_paths(body))
            await send(message)

        await self.app(scope, receive, heard)


def _paths(answer: bytes) -> list[Path]:
    """The files that an answer to an upload lists; none in a refusal."""
    try:
        listed = json.loads(answer)
    except ValueError:
        return []
    return [Path(path) for path in listed if isinstance(path, str)]
