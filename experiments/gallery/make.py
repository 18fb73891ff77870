"""Makes the example pieces of examples/gallery: score, sound and MIDI of each, and their index.

python -m experiments.gallery.make [only=[ode] out=FOLDER]
"""

import io
import json
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from omegaconf import OmegaConf
from PIL import Image

from experiments.measuring import measuring
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.face.picture.image import sample_portrait
from mood2music.files import together
from mood2music.flow.composed import MANIFEST, Composed, write_manifest
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.mood import Mood
from mood2music.page.moods import word_of
from mood2music.render.colours import COLOURS
from mood2music.render.sound import RATE, render_sound

INDEX = "README.md"
# Steps from paper to each author's colour, for the edges of notes.
SHADES = 12
# White that stays around the music above and below, pixels; lighter than this is white.
AROUND, WHITE = 24, 250
PORTRAIT = 160
HEAD = """# Ten pieces

What mood2music writes, each piece with what was asked, its score and its sound. Notes are
black where the base network wrote them, blue where the style that was blended in changed
them, orange where they are the song's own, and grey where an accompaniment was asked for.

    python -m experiments.gallery.make

makes all of it anew, in the folder of the repository; the same weights give the same
pieces. The words below stand behind `python -m mood2music.generate`; they come from
`experiments/gallery/make.yaml`. The photo is Eileen Collins, NASA, in the public domain;
`experiments/gallery/ode.abc` has the *Ode to Joy*.
"""


@dataclass
class Settings:
    """out: where all goes; only: pieces to make again; width: of a page, pixels; level: of MP3's
    compression; pieces: by name settings of `generate`.
    """

    out: Path
    only: list[str]
    width: int
    level: float
    pieces: dict[str, dict[str, Any]]


@measuring
def main(asked: Settings) -> None:
    """Compose each piece, write what the gallery has of it, then the index of all."""
    if unknown := sorted(set(asked.only) - set(asked.pieces)):
        raise SettingsError(f"only={unknown}: expected some of {', '.join(asked.pieces)}")
    for name, words in asked.pieces.items():
        if not asked.only or name in asked.only:
            print(name, flush=True)
            write(asked, asked.out / name, words)
    entries = [entry(asked.out / name, words) for name, words in asked.pieces.items()]
    (asked.out / INDEX).write_text("\n".join([HEAD, *entries]), encoding="utf-8")
    print(asked.out / INDEX)


def write(asked: Settings, folder: Path, words: dict[str, Any]) -> None:
    """Compose a piece, and put its pages, sound, MIDI and portrait in place of what is there."""
    composed = compose(settings_of(words))
    made = {}
    with tempfile.TemporaryDirectory() as run:
        for file in composed.write(run).files():
            if file.suffix == ".png":
                made[file.name] = small(Image.open(file), asked.width)
            elif file.suffix == ".mid":
                made[f"{folder.name}.mid"] = file.read_bytes()
    made[f"{folder.name}.mp3"] = as_small_mp3(composed, asked.level)
    if composed.portrait is not None:
        made["portrait.jpg"] = thumbnail()
    for old in folder.glob("*"):
        old.unlink()
    with together(folder, last=MANIFEST) as unfinished:
        for name, content in made.items():
            (unfinished / name).write_bytes(content)
        write_manifest(unfinished / MANIFEST, composed.manifest.with_files([list(made)]))


def settings_of(words: dict[str, Any]) -> GenerateSettings:
    """What the words ask of `generate`, but for the sound, which is made small here."""
    asked = OmegaConf.create({"render": {"score": ["png"], "sound": "none"}})
    for name, value in words.items():
        OmegaConf.update(asked, name, value)
    return parse(GenerateSettings, asked)


def small(page: Image.Image, width: int) -> bytes:
    """Make a page of the score narrower, of few shades, without the white above and below."""
    drawn = page.convert("RGB")
    drawn = drawn.resize(
        (width, round(drawn.height * width / drawn.width)), Image.Resampling.LANCZOS
    )
    ink = drawn.convert("L").point(lambda light: 255 * (light < WHITE)).getbbox()
    if ink is not None:
        top, bottom = max(ink[1] - AROUND, 0), min(ink[3] + AROUND, drawn.height)
        drawn = drawn.crop((0, top, width, bottom))
    return encoded(drawn.quantize(palette=palette(), dither=Image.Dither.NONE), "PNG")


def palette() -> Image.Image:
    """A picture whose palette goes from white to each author's colour."""
    steps = np.linspace(0, 1, SHADES)[:, None]
    shades = [255 + steps * (np.array(colour) - 255) for colour in COLOURS.values()]
    picture = Image.new("P", (1, 1))
    picture.putpalette(np.concatenate(shades).round().astype(np.uint8).tobytes())
    return picture


def thumbnail() -> bytes:
    """Give the sample portrait as a small JPEG."""
    portrait = Image.open(sample_portrait()).convert("RGB")
    portrait.thumbnail((PORTRAIT, PORTRAIT))
    return encoded(portrait, "JPEG")


def encoded(picture: Image.Image, kind: str) -> bytes:
    """Give the content of a picture's file, as small as it gets."""
    file = io.BytesIO()
    picture.save(file, kind, optimize=True)
    return file.getvalue()


def as_small_mp3(composed: Composed, level: float) -> bytes:
    """Play a piece into an MP3 of one channel."""
    file = io.BytesIO()
    one = render_sound(composed.played()).mean(axis=1)
    soundfile.write(
        file, one, RATE, "MPEG_LAYER_III", format="MP3",
        compression_level=level, bitrate_mode="CONSTANT",
    )  # fmt: skip
    return file.getvalue()


def entry(folder: Path, words: dict[str, Any]) -> str:
    """What the index has of a piece: what was asked and found, then sound and pages."""
    run = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (piece,) = run["pieces"]
    place = folder.name
    heard = Mood(**piece["mood"])
    facts = [
        f"after {song['title']} ({song['artist']})" if (song := run.get("song")) else "",
        f"{piece['key'].replace('-', '♭')}, {piece['tempo']:.0f} quarter notes a minute",
        f"heard by the judge of moods as {told(heard)}",
    ]
    if "photo" in run:
        read = Mood(run["mood"]["valence"], run["mood"]["arousal"])
        facts.insert(0, f"read from the photo: {told(read)}")
    pages = sorted((name for name in piece["files"] if name.endswith(".png")), key=len)
    kinds = {"Sound": f"{place}.mp3", "MIDI": f"{place}.mid", "run.json": MANIFEST}
    links = " · ".join(f"[{kind}]({place}/{file})" for kind, file in kinds.items())
    shown = [f"![Score of {place}, page {n}]({place}/{page})" for n, page in enumerate(pages, 1)]
    if "portrait.jpg" in piece["files"]:
        shown.insert(0, f"![The sample portrait]({place}/portrait.jpg)")
    command = "    " + " ".join(map(word, words.items()))
    told_facts = "; ".join(filter(None, facts))
    title = place.replace("_", " ").capitalize()
    lines = [f"## {title}", command, f"{told_facts[0].upper()}{told_facts[1:]}.", links, *shown]
    return "\n\n".join(lines) + "\n"


def told(mood: Mood) -> str:
    """A mood in a word and two numbers."""
    return f"{word_of(mood)} (valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f})"


def word(setting: tuple[str, Any]) -> str:
    """A setting as it is typed in a shell.

    >>> word(("mood", [0.5, 1])), word(("style.mix", {"jazz": 0.5})), word(("accompany", True))
    ("'mood=[0.5,1]'", "'style.mix={jazz:0.5}'", 'accompany=true')
    """
    name, value = setting
    return shlex.quote(f"{name}={plain(value)}")


def plain(value: Any) -> str:
    """A value as Hydra reads it, without blanks."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}:{plain(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return f"[{','.join(map(plain, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
