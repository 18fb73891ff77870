"""Counts anew when the pieces that a shipped network learnt from come back; weights stay.

python -m experiments.shipped_music.recount music=FOLDER   # after a change of `memory/form.py`
"""

from dataclasses import dataclass
from pathlib import Path

from experiments.measuring import measuring
from experiments.shipped_music.ship import STYLES
from mood2music.files import PRETRAINED, checksum
from mood2music.generator import network as networks
from mood2music.generator.windows import past_of
from mood2music.store.prepare import MusicSourceSettings, prepare


@dataclass
class Settings:
    """music: folder with classical/ jazz/ pop/; models: whose base and styles are counted anew."""

    music: Path
    models: list[str]


@measuring
def main(asked: Settings) -> None:
    """Write the counts into the headers."""
    store = prepare(MusicSourceSettings(name="midi", root=str(asked.music)))
    now: dict[str, str] = {}  # checksums of the networks that others began from
    for name in (f"{model}_{style}" for model in asked.models for style in ("base", *STYLES)):
        path = PRETRAINED / f"{name}.safetensors"
        before = checksum(path)
        network, header = networks.load(path)
        learnt = set(header["data"]["train_names"])
        rows = [row for row in store.pieces if row.name in learnt]
        if len(rows) != len(learnt):
            raise SystemExit(f"{name} learnt from {len(learnt)} pieces, here are {len(rows)}")
        past = past_of(network, store)
        assert past is not None, "a shipped network recalls"
        header["form"] = past.form(rows).as_dict()
        header["init"] = now.get(header["init"], header["init"])
        networks.save(path, network, header, half=True)
        now[before] = checksum(path)
        print(f"{name}: {len(rows)} pieces")


if __name__ == "__main__":
    main()
