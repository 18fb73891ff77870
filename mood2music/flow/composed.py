"""Holds what a request became, and writes it into a run's folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mood2music.brief import brief
from mood2music.files import together
from mood2music.flow.manifest import Manifest
from mood2music.flow.photo import Portrait
from mood2music.flow.piece import Piece
from mood2music.flow.song import Start
from mood2music.judge.runs import MANIFEST, files_of
from mood2music.render.settings import RenderSettings

if TYPE_CHECKING:
    from mood2music.flow.request import GenerateSettings
    from mood2music.music.tempo import Tempi
    from mood2music.render.performance import Performance
    from mood2music.render.run_folder import Rendered


@brief
@dataclass(frozen=True)
class Composed:
    """What a request became: where it started from, the variants written, the manifest of both.

    portrait: what the photo gave, None where none was read.
    """

    start: Start
    pieces: list[Piece]
    manifest: Manifest
    render: RenderSettings
    portrait: Portrait | None = None

    def write(
        self, folder: str | Path, wrote: Callable[[Path], object] = lambda _: None
    ) -> "Written":
        """Write a run's files into `folder`, all or none; run.json, which names them, comes last.

        What a run before has there that this one has not is removed: its other variants, its face.
        `wrote` is told each file, where it lies until all are there; an exception from it ends the
        writing.
        """
        from mood2music.render.run_folder import write_run

        folder = Path(folder)
        before = files_of(folder)
        rendered = self.rendered()
        with together(folder, last=MANIFEST) as unfinished:
            for name, write in self.portrait.pictures.items() if self.portrait else ():
                write(unfinished / name)
            names = write_run(
                unfinished, rendered, self.render, lambda name: wrote(unfinished / name)
            )
            manifest = self.manifest.with_files(names)
            write_manifest(unfinished / MANIFEST, manifest)
        pictures = self.portrait.pictures if self.portrait else ()
        for name in before.difference(pictures, *names):
            (folder / name).unlink(missing_ok=True)
        return Written(folder, manifest)

    def rendered_as(self, settings: "GenerateSettings") -> "Composed":
        """The same pieces, to be played and printed as a request's `render` says.

        settings: those that they were composed by, but for `render`.
        """
        from mood2music.flow.request_told import as_told
        from mood2music.flow.telling import facts_of_sound

        told = replace(
            self.manifest, settings=as_told(settings), soundfont=facts_of_sound(settings.render)
        )
        return replace(self, render=settings.render, manifest=told)

    def rendered(self) -> "list[Rendered]":
        """What of each variant is drawn and played."""
        from mood2music.music.idiom import idiom_of
        from mood2music.render.run_folder import Rendered

        idiom, styles = self.manifest.network.idiom, self.manifest.network.styles
        told = [f"{name} {strength:g}" for name, strength in styles.items() if strength]
        if (mood := self.start.mood) is not None:
            told.append(f"mood: valence {mood.valence:+.2f}, arousal {mood.arousal:+.2f}")
        # What players of these styles read by.
        asked = [idiom, *(name for name, strength in styles.items() if strength)]
        chords = any(idiom_of(name).lead_sheets for name in asked)
        seed = self.manifest.settings["seed"]
        return [
            Rendered(
                p.notes,
                p.key,
                p.authors,
                p.sections,
                " · ".join(told),
                chords,
                idiom,
                seed + i,
                p.way,
                p.closes,
            )
            for i, p in enumerate(self.pieces)
        ]

    def played(self, piece: int = 0) -> "Performance":
        """Give a variant as MIDI file and sound have it: in swing, with a band, by `render`."""
        return self.rendered()[piece].played(self.render)

    def tempi(self, piece: int = 0) -> "Tempi":
        """Give the tempi that a variant is played in, from grid steps of its notes."""
        return self.rendered()[piece].tempi(self.render)


@brief
@dataclass(frozen=True)
class Written:
    """A run in its folder; its manifest names the files."""

    folder: Path
    manifest: Manifest

    def files(self, piece: int = 0) -> list[Path]:
        """Files of a variant, counted from 0, the MIDI file first."""
        return [self.folder / name for name in self.manifest.pieces[piece].files]


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write run.json."""
    text = json.dumps(manifest.as_dict(), indent=2, ensure_ascii=False)
    # Half a letter of a file's name, which UTF-8 has no bytes for, is JSON as its number.
    path.write_text(text, encoding="utf-8", errors="backslashreplace")
