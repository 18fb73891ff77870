"""Makes what the page shows of a composed run and its files."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mood2music.flow.composed import Composed, Written
from mood2music.flow.manifest import Manifest, PieceTold
from mood2music.flow.matching import Picked
from mood2music.flow.piece import Piece
from mood2music.mood import Mood
from mood2music.music.authors import Author
from mood2music.music.key import with_signs
from mood2music.music.meter import bar_lines
from mood2music.music.tempo import Tempi, seconds_at
from mood2music.page.moods import because, word_of
from mood2music.page.players import as_offered
from mood2music.render.hearing import SOUNDS
from mood2music.render.video import find_ffmpeg

# Moods of a photo and of the plane nearer than this are one that was only rounded.
SAME = 0.01
# What a file is called on the page, by its suffix, in the order of the page.
FILES = {
    ".mid": "MIDI",
    ".musicxml": "MusicXML",
    ".mp3": "MP3",
    ".png": "PNG",
    ".json": "run.json",
}


def address(path: Path) -> str:
    """Where the browser gets a file of a run."""
    return f"/gradio_api/file={quote(str(path))}"


def as_shown(
    parts: Sequence[tuple[Composed, Written]],
    photo: Mood | None = None,
    dial: Sequence[float] = (),
) -> dict[str, Any]:
    """Give what results.js draws: variants with facts, sound, piano roll, score pages and files.

    parts: of one request, or one for each strength of `dial`; photo: the mood that was read from
    one, None where none was.
    """
    composed, written = parts[-1]
    before = "the piece before" if is_rewritten(written.manifest) else "the music it began with"
    mixed = written.manifest.network.styles
    styles = " and ".join(mixed) or "style"
    variants: list[dict[str, Any]] = []
    moods: list[list[float]] = []
    for one, files in parts:
        for own, (piece, told) in enumerate(zip(one.pieces, files.manifest.pieces, strict=True)):
            name = f"Variant {len(variants) + 1}"
            if dial:
                name = stop_of(dial[len(variants)], styles)
            source = before if one.start.song is None else "the song"
            variants.append(_variant(name, piece, told, one.tempi(own), files.folder, source))
            moods.append([told.mood.valence, told.mood.arousal])
    return {
        "run": parts[0][1].folder.name,
        "title": composed.pieces[0].notes.title or "Your piece",
        "variants": variants,
        "authors": authors_of(
            [piece for one, _ in parts for piece in one.pieces], written.manifest
        ),
        "told": moods_told(written.manifest.source, written.manifest.picked, photo),
        "moods": moods,
        "style": styles if mixed else "",
        "dial": bool(dial),
        "players": as_offered(composed.render),
        "video": find_ffmpeg() is not None,
    }


def is_rewritten(manifest: Manifest) -> bool:
    """Whether bars of a piece that was there before were written anew."""
    return manifest.settings.get("rewrite") is not None


def authors_of(pieces: Sequence[Piece], manifest: Manifest) -> list[list[Any]]:
    """Name who wrote the notes of a run's pieces: [author, in words]."""
    mixed = " and ".join(manifest.network.styles)
    found: list[list[Any]] = []
    if any(piece.seed_end for piece in pieces):
        whose = "the bars that were kept" if is_rewritten(manifest) else "the song's own notes"
        found.append([Author.SEED.value, whose])
    found.append([Author.BASE.value, "the network"])
    if mixed:
        found.append([Author.STYLE.value, f"changed by {mixed}"])
    if any((piece.authors == Author.ACCOMPANIMENT).any() for piece in pieces):
        found.append([Author.ACCOMPANIMENT.value, "the accompaniment that was chosen"])
    return found


def stop_of(strength: float, style: str) -> str:
    """Name a stop of the dial.

    >>> stop_of(0, "jazz"), stop_of(0.5, "jazz"), stop_of(1, "jazz"), stop_of(1.5, "jazz")
    ('no jazz', 'half the jazz', 'jazz', 'more jazz')
    """
    if not strength:
        return f"no {style}"
    return f"half the {style}" if strength < 1 else f"more {style}" if strength > 1 else style


def moods_told(
    source: Mapping[str, Any], picked: Picked | None, photo: Mood | None
) -> list[list[str]]:
    """Name the moods on the road to the piece, of photo, wish and song, each in words."""
    told = []
    if photo is not None:
        told.append(["the photo", in_figures(photo)])
    wanted = source.get("way") or ([source["mood"]] if "mood" in source else [])
    moods = [Mood(one["valence"], one["arousal"]) for one in wanted]
    if moods and (len(moods) > 1 or photo is None or moods[0].distance(photo) > SAME):
        told.append(["wanted", ", then ".join(map(in_figures, moods))])
    # The catalog's moods are spread over the whole plane; a piece is heard as it is measured.
    measured = in_figures(Mood(**source["song_mood"]))
    if "song" in source:
        measured = f"{in_figures(Mood(**source['song']['mood']))}; measured as a piece, {measured}"
    told.append(["the song" if "song" in source else "the music", measured])
    if picked is not None:
        told.append(["kept", f"variant {picked.variant + 1} of {picked.of}, nearest to the mood"])
    return told


def in_figures(mood: Mood) -> str:
    """Say a mood in a word and in numbers.

    >>> in_figures(Mood(0.6, 0.1))
    'happy (+0.60, +0.10)'
    """
    return f"{word_of(mood)} ({mood.valence:+z.2f}, {mood.arousal:+z.2f})"


def _variant(
    name: str, piece: Piece, told: PieceTold, tempi: Tempi, folder: Path, source: str
) -> dict[str, Any]:
    names = told.files
    sounds = [name for name in names if Path(name).suffix in SOUNDS]
    pages = [name for name in names if name.endswith(".svg")]
    files = [
        [_label(name, FILES[Path(name).suffix]), address(folder / name)]
        for name in [*names, "run.json"]
        if Path(name).suffix in FILES
    ]
    return {
        "name": name,
        "facts": _facts(piece, told, source),
        "sound": address(folder / sounds[0]) if sounds else "",
        "roll": roll_of(piece, tempi),
        "pages": [address(folder / name) for name in pages],
        "files": files,
    }


def _label(name: str, kind: str) -> str:
    """Two pictures have one suffix: say which."""
    if kind != "PNG":
        return kind
    if name.startswith("pianoroll"):
        return "piano roll (PNG)"
    page = re.search(r"_page(\d+)", name)
    return f"score, page {page[1]} (PNG)" if page else "score (PNG)"


def _facts(piece: Piece, told: PieceTold, source: str) -> list[str]:
    mood = told.mood
    seconds = round(told.seconds)
    pace = " to ".join(f"{tempo:.0f}" for tempo in told.tempi or [told.tempo])
    facts = [
        f"{with_signs(piece.key.name)}, {pace} bpm, {seconds // 60}:{seconds % 60:02d}",
        f"sounds {word_of(mood)} (valence {mood.valence:+z.2f}, arousal {mood.arousal:+z.2f})",
    ]
    if why := because(told.reasons, piece.key.mode):
        facts.append(why)
    bars = len(told.of_song["bars"])
    share = round(100 * told.of_song["share"])
    facts.append(
        f"{bars} of its new bars stand{'s' * (bars == 1)} in {source} too, "
        f"{share}\u00a0% of the new notes"
        if bars
        else f"none of its new bars stands in {source}"
    )
    new = told.novelty
    if new is not None:
        longest = new["longest_run"]
        facts.append(f"longest copy from the training music: {longest} events")
    return facts


def roll_of(piece: Piece, tempi: Tempi = ()) -> dict[str, Any]:
    """Give the notes as [start, length, pitch, author] and where bars begin, all in seconds.

    tempi: from grid steps on, () for the notes' own.
    """
    notes = piece.notes
    told = {"low": 60, "high": 60, "notes": [], "sections": [], "bars": []}
    if not len(notes):
        return {**told, "seconds": 0.0}

    def at(steps: ArrayLike) -> NDArray[np.float64]:
        return seconds_at(steps, tempi or ((0, notes.tempo),), notes.grid)

    lines = bar_lines(notes.meter, notes.end - 1, notes.grid)
    begins = at(notes.onset)
    columns = (
        np.round(begins, 3).tolist(),
        np.round(at(notes.onset + notes.duration) - begins, 3).tolist(),
        notes.pitch.tolist(),
        piece.authors.tolist(),
    )
    return {
        **told,
        "seconds": round(float(at(notes.end)), 3),
        "low": int(notes.pitch.min()),
        "high": int(notes.pitch.max()),
        "notes": [list(row) for row in zip(*columns, strict=True)],
        "sections": [[name, round(float(at(step)), 3)] for name, step in piece.sections],
        "bars": np.round(at(lines.clip(0)), 3).tolist(),
    }
