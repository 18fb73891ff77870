"""Counts which sections return in real pieces, for structure=learned.

    python -m experiments.form.fit music=FOLDER

Writes mood2music/pretrained/sections.json, the counts of each style and of all.
"""

import fnmatch
import json
from dataclasses import dataclass
from pathlib import Path

from experiments.measuring import measuring
from mood2music.files import atomically
from mood2music.generator.memory.kinds import POINTED
from mood2music.generator.memory.past import Past
from mood2music.generator.sections import BARS, FILE, Sections, labels
from mood2music.store.prepare import MusicSourceSettings, prepare


@dataclass
class Settings:
    """See fit.yaml."""

    music: str | None
    store: str | None
    styles: list[str]
    exclude: list[str]


@measuring
def main(asked: Settings) -> None:
    """Count, print what is most frequent, write the file."""
    store = prepare(MusicSourceSettings(root=asked.music, store=asked.store))
    rows = [
        row
        for row in store.pieces
        if not any(fnmatch.fnmatch(row.file, pattern) for pattern in asked.exclude)
    ]
    past = Past(store, [POINTED], False)
    counted, pieces = {}, {}
    for name in ["all", *asked.styles]:
        own = [r for r in rows if name == "all" or r.file.split("/")[0].split("_")[0] == name]
        bars = [b for b in past.bars_by_piece(own) if len(labels(b)) > 1]
        counted[name], pieces[name] = Sections.learn(bars), len(bars)
    told = {
        "bars": BARS,
        "pieces": pieces,
        "styles": {name: own.as_dict() for name, own in counted.items()},
    }
    with atomically(FILE) as unfinished:
        unfinished.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(told["pieces"]))
    print(Path(FILE))


if __name__ == "__main__":
    main()
