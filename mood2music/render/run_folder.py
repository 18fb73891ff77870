"""Pieces and their manifest to the files of one run: MIDI, MusicXML, piano roll, run.json."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mood2music.atomic import atomically
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.music.write import write_midi
from mood2music.render.musicxml import write_musicxml
from mood2music.render.pianoroll import write_pianoroll

# Notes, their key, the grid step where the seed ends, and (name, grid step) of each section.
Rendered = tuple[Notes, Key, int, list[tuple[str, int]]]


def write_run(folder: Path, pieces: Sequence[Rendered], manifest: dict[str, Any]) -> Path:
    """Write piece.mid, piece.musicxml and pianoroll.png for each variant, then run.json.

    From the second variant on the names carry its number: piece_2.mid. The manifest gets the
    names. A piece of rests alone has nothing to notate or draw. Gives the first MIDI file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for i, (notes, key, seed_end, sections) in enumerate(pieces, start=1):
        mark = f"_{i}" if i > 1 else ""
        names = [f"piece{mark}.mid"]
        write_midi(notes, folder / names[0])
        if len(notes):
            names += [f"piece{mark}.musicxml", f"pianoroll{mark}.png"]
            write_musicxml(notes, key, folder / names[1])
            write_pianoroll(notes, folder / names[2], seed_end, sections)
        manifest["pieces"][i - 1]["files"] = names
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    with atomically(folder / "run.json") as unfinished:
        unfinished.write_text(text, encoding="utf-8")
    return folder / "piece.mid"
