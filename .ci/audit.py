"""Says which pins of constraints.txt have known vulnerabilities, or that nobody could be asked.

    python .ci/audit.py

One question for all of them goes to osv.dev, where PyPI's and GitHub's advisories are collected
(https://google.github.io/osv.dev/post-v1-querybatch/). Ends with 1 where a pin has one, with 0
where none has or osv.dev cannot be reached.
"""

import json
import re
import sys
import urllib.request
from pathlib import Path

LOCK = Path(__file__).parents[1] / "constraints.txt"
ADDRESS = "https://api.osv.dev/v1/querybatch"
SECONDS = 30.0


def pins(lock: str) -> list[tuple[str, str]]:
    """Give name and version of every pin: "a==1 ; marker \\" is ("a", "1")."""
    return re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([\w.+!-]+)", lock, re.M)


def advisories(asked: list[tuple[str, str]], address: str = ADDRESS) -> list[list[str]]:
    """Ask for the advisories of each pin, in order. Raises OSError where nobody answers."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in asked
    ]
    body = json.dumps({"queries": queries}).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        results = json.loads(answer.read())["results"]
    if len(results) != len(asked):
        raise OSError(f"{len(results)} answers to {len(asked)} questions")
    return [[one["id"] for one in result.get("vulns", [])] for result in results]


def main(address: str = ADDRESS) -> int:
    """Print a line for every pin with an advisory; give the exit code."""
    asked = pins(LOCK.read_text(encoding="utf-8"))
    try:
        found = advisories(asked, address)
    except (OSError, ValueError, KeyError) as error:
        print(f"skipped: osv.dev gave no answer about the {len(asked)} pins ({error})")
        return 0
    bad = [(pin, names) for pin, names in zip(asked, found, strict=True) if names]
    for (name, version), names in bad:
        print(f"{name}=={version}: {', '.join(f'https://osv.dev/{one}' for one in names)}")
    print(f"{len(bad)} of {len(asked)} pins have known vulnerabilities")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
