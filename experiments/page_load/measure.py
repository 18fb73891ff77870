"""200 pieces for eight visitors at once: how much memory the page takes, how long one waits.

python -m experiments.page_load.measure [requests=200 visitors=8 length=100]
"""

import concurrent.futures
import json
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from experiments.measuring import measuring
from experiments.page_load.visitor import Visitor

PLANE = {"photo": None}
STATUS, RESULTS = 0, 1


def write(visitor: Visitor, mood: list[float], length: int) -> float:
    """Move to a mood, write from its nearest song, and fetch the sound: seconds that it took."""
    begun = time.monotonic()
    plane = {**PLANE, "mood": mood}
    songs, _ = visitor.fire("plane", "moved", [plane, "any", "any"])
    fields = [
        "lstm",
        length,
        "events",
        1.0,
        "",
        "the song's",
        0,
        1,
        True,
        "Stay with the mood",
        False,
    ]
    fields += [0.0, 0.8, 0.0, 0.0]
    values = visitor.run("write", "click", [plane, songs, "any", "any", None, *fields])
    results = values[RESULTS]
    assert "variants" in results, values[STATUS]
    assert len(visitor.get(results["variants"][0]["sound"])) > 44
    return time.monotonic() - begun


@dataclass
class Settings:
    """requests: pieces in all; visitors: at once; length: events of a piece."""

    requests: int
    visitors: int
    length: int


@measuring
def main(asked: Settings) -> None:
    """Serve, visit, and print memory before, at every eighth of the requests, and the waits."""
    server = subprocess.Popen(
        [sys.executable, "-m", "mood2music.app", "app.port=0"], stdout=subprocess.PIPE, text=True
    )
    try:
        told: dict[str, Any] = measure(server, asked.requests, asked.visitors, asked.length)
    finally:
        server.terminate()
        server.wait()
    Path(__file__).with_name("result.json").write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told, indent=1))


def measure(server: Any, requests: int, visitors: int, length: int) -> dict[str, Any]:
    """Give MiB of resident memory over the requests, and seconds a request."""
    address = next(line.split()[1] for line in server.stdout if line.startswith("open"))
    process = psutil.Process(server.pid)
    memory = [resident(process)]
    waits: list[float] = []
    lock = threading.Lock()

    def visit(number: int) -> None:
        visitor = Visitor(address)
        for turn in range(number, requests, visitors):
            mood = [round((turn * 37 % 100) / 50 - 1, 2), round((turn * 61 % 100) / 50 - 1, 2)]
            waited = write(visitor, mood, length)
            with lock:
                waits.append(waited)
                if len(waits) % max(1, requests // 8) == 0:
                    memory.append(resident(process))

    with concurrent.futures.ThreadPoolExecutor(visitors) as pool:
        list(pool.map(visit, range(visitors)))
    return {
        "requests": len(waits),
        "visitors": visitors,
        "resident_mib": memory,
        "seconds_median": round(statistics.median(waits), 2),
        "seconds_longest": round(max(waits), 2),
    }


def resident(process: psutil.Process) -> int:
    """Resident memory in MiB."""
    return int(process.memory_info().rss / 2**20)


if __name__ == "__main__":
    main()
