"""A folder of MIDI, and copies of it, to seconds and memory that `prepare` needs for them.

    python -m experiments.preparing.measure music=folder [copies=[1,20] kinds=[same,changed]]

Memory is the highest sum, over all processes of the run, of the memory each has for itself plus its
share of what they have together (PSS of Linux), and beside it the largest single process's RSS, as
/usr/bin/time -v gives it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from experiments.measuring import measuring
from mood2music.errors import SettingsError

KINDS = ("same", "changed")
EVERY = 0.1  # seconds between two looks at the memory


def copy_tree(music: Path, root: Path, count: int, kind: str) -> int:
    """Put `count` copies of all MIDI files of `music` under `root`; give the number of files.

    kind: same (byte by byte), or changed (each copy but the first begins with a text of its own,
    so that no two files have the same hash).
    """
    files = sorted(music.rglob("*.mid"))
    for path in files:
        data = path.read_bytes()
        for i in range(count):
            target = root / f"{i:02}" / path.relative_to(music)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(with_text(data, f"copy {i}") if i and kind == "changed" else data)
    return count * len(files)


def with_text(data: bytes, text: str) -> bytes:
    """Put a text event (FF 01) at the start of a MIDI file's first track."""
    at = data.index(b"MTrk") + 4
    event = b"\0\xff\x01" + bytes([len(text)]) + text.encode()
    size = int.from_bytes(data[at : at + 4], "big") + len(event)
    return data[:at] + size.to_bytes(4, "big") + event + data[at + 4 :]


@dataclass(frozen=True)
class Run:
    """What one run of prepare took.

    seconds: on the clock; cpu: seconds of all its processes; together: MiB (PSS) of all of them at
    the highest; largest: MiB (RSS) of the largest one.
    """

    seconds: float
    cpu: float
    together: float
    largest: float


def measure(root: Path, cache: Path, *overrides: str) -> Run:
    """Run prepare once, in a process of its own. Ends the program when it fails."""
    command = [sys.executable, "-m", "mood2music.prepare", "data=midi", f"data.root={root}"]
    began = time.monotonic()
    with (cache / "said.txt").open("w") as said:
        run = subprocess.Popen(
            [*command, *overrides],
            env={**os.environ, "MOOD2MUSIC_CACHE": str(cache)},
            cwd=cache,
            stdout=said,
            stderr=said,
        )
        most = 0.0
        while True:
            done, run.returncode, usage = os.wait4(run.pid, os.WNOHANG)
            if done:
                break
            most = max(most, sum(map(_pss, _family(run.pid))))
            time.sleep(EVERY)
    if run.returncode:
        raise SystemExit((cache / "said.txt").read_text())
    return Run(
        time.monotonic() - began,
        usage.ru_utime + usage.ru_stime,
        most / 1024,
        usage.ru_maxrss / 1024,
    )


@dataclass
class Settings:
    """music: folder of MIDI; copies, kinds: as `copy_tree` has them; overrides: of prepare."""

    music: Path
    copies: list[int]
    kinds: list[str]
    overrides: list[str]

    def check(self) -> None:
        """Raise SettingsError for another kind of copy."""
        for kind in self.kinds:
            if kind not in KINDS:
                raise SettingsError(f"kinds={kind}: expected some of {', '.join(KINDS)}")


@measuring
def main(asked: Settings) -> None:
    """Measure every number of copies of every kind, each with an empty cache, then once more."""
    print("| copies | files | run | seconds | CPU seconds | MiB, all | MiB, largest |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: |")
    for kind in asked.kinds:
        for count in asked.copies:
            with tempfile.TemporaryDirectory() as scratch:
                root, cache = Path(scratch, "music"), Path(scratch, "cache")
                cache.mkdir()
                files = copy_tree(asked.music.resolve(), root, count, kind)
                for run in ("first", "store is there", "pieces are there"):
                    if run == "pieces are there":
                        shutil.rmtree(cache / "events")
                    took = measure(root, cache, *asked.overrides)
                    print(
                        f"| {count} {kind} | {files:,} | {run} | {took.seconds:.1f} "
                        f"| {took.cpu:.1f} | {took.together:.0f} | {took.largest:.0f} |",
                        flush=True,
                    )


def _family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return  # it has ended meanwhile


def _pss(pid: int) -> float:
    """Proportional set size in KiB, 0 for a process that has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1])
    except OSError:
        pass
    return 0.0


if __name__ == "__main__":
    main()
