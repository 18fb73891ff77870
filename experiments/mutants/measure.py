"""Says which share of a sample of mutants the tests of their rooms kill, and names the others.

mutmut makes the mutants as [tool.mutmut] in pyproject.toml says: one small change of a function
each. There are thousands, so `count` of them are drawn with a fixed seed. A change in what a
module computes while it is imported cannot be seen by mutmut's forks and counts as living, as does
one in a function that no quick test runs: the share is a lower bound.
"""

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from experiments.measuring import measuring

# Exit codes of mutmut's runs: 1 and 3 a test failed, 36 and minus SIGXCPU it went on without end,
# minus SIGABRT and SIGSEGV it brought a library, and pytest with it, down.
KILLED = (1, 3, 36, -24, -6, -11)


def run(*names: str) -> None:
    """Let mutmut run the tests on these mutants; it makes what is missing first."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
    subprocess.run(command, check=False)


def codes(folder: Path = Path("mutants")) -> dict[str, int | None]:
    """Give each mutant's name and the exit code of its tests, None where they were not run."""
    found: dict[str, int | None] = {}
    for file in sorted(folder.rglob("*.meta")):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def interval(killed: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson 1927).

    >>> [round(bound, 3) for bound in interval(90, 100)]
    [0.826, 0.945]
    """
    share, square = killed / count, z * z / count
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * (share * (1 - share) / count + square / count / 4) ** 0.5
    return middle - half, middle + half


@dataclass
class Settings:
    """count: mutants to draw; seed: of the draw."""

    count: int
    seed: int


@measuring
def main(asked: Settings) -> None:
    """Draw the sample, run it, print the share and what lives."""
    run("none.of.them")  # makes the mutants and times the tests
    names = random.Random(asked.seed).sample(sorted(codes()), asked.count)
    run(*names)
    found = codes()
    living = [name for name in names if found[name] not in KILLED]
    killed = asked.count - len(living)
    low, high = interval(killed, asked.count)
    print("\n".join(["living:", *living]))
    print(f"{killed} of {asked.count} killed, {killed / asked.count:.1%} ({low:.1%} to {high:.1%})")


if __name__ == "__main__":
    main()
