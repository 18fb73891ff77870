"""Decodes a stranger's photo in another process, whose time and memory are limited.

What a header says is checked before anything is decoded, here as everywhere; the decoders are C
code, and a file made to deceive them can still crash, hang or fill the memory. Here that costs one
process, and whoever sent the file reads one line.
"""

import contextlib
import sys
import threading
from functools import lru_cache
from pathlib import Path

from mood2music.errors import ImageError
from mood2music.face.picture.image import ENOUGH, Photo, load_photo
from mood2music.isolate import Crashed, Isolated, TimedOut

SECONDS = 10.0  # of a processor; 100 megapixels take 4
MOST_BYTES = 500_000_000  # of memory beside what the process begins with


class ForeignPhotos:
    """Reads photos in other processes, kept for the next ones; any thread may call."""

    def __init__(self, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        """`seconds`: of a processor for one photo; `most_bytes`: of memory."""
        self._seconds, self._most = seconds, most_bytes
        self._idle: list[Isolated] = []
        self._lock = threading.Lock()

    def read(self, path: Path, enough: int = ENOUGH) -> Photo:
        """Read a photo as `load_photo` does.

        Raises ImageError, also when that takes too long or too much memory, or crashes.
        """
        with self._lock:
            child = self._idle.pop() if self._idle else Isolated()
        try:
            return child.call(_read, path, enough, self._most, timeout=self._seconds)
        except TimedOut as error:
            raise ImageError(
                f"{path.name} takes more than {self._seconds:g} s to decode: pass a smaller copy, "
                "saved as JPEG"
            ) from error
        except Crashed as error:
            raise ImageError(
                f"{path.name} cannot be decoded ({error}): open it in a photo program and save it "
                "as JPEG"
            ) from error
        finally:
            with self._lock:
                self._idle.append(child)

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            for child in self._idle:
                child.close()
            self._idle.clear()


def _read(path: Path, enough: int, most: int) -> Photo:
    _limit_memory(most)
    return load_photo(path, enough)


@lru_cache(maxsize=1)
def _limit_memory(most: int) -> None:
    """Allow this process `most` bytes more than it has, once; only Linux tells what it has."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(ImportError):  # an older Pillow, without AVIF
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each takes memory of its own
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + most
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
