"""Tells for the manifest where a piece came from, what it sounds with and what it measures."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mood2music.files import facts
from mood2music.flow.manifest import PieceTold
from mood2music.flow.photo import Portrait
from mood2music.flow.piece import Piece
from mood2music.flow.song import Start
from mood2music.mood import Mood
from mood2music.music.authors import count
from mood2music.music.events import Events
from mood2music.music.tempo import seconds_at
from mood2music.render.settings import RenderSettings

if TYPE_CHECKING:
    from mood2music.judge.trained_on import TrainedOn


def source_of(
    portrait: Portrait | None, start: Start, song: Mood, way: list[Mood]
) -> dict[str, Any]:
    """What the manifest tells of where the music came from, the photo or the mood first.

    song: its mood; way: the moods that the piece goes through, told where they are several.
    """
    given = {} if start.mood is None else {"mood": {"from": "given", **asdict(start.mood)}}
    measured: dict[str, Any] = {"song_mood": asdict(song)}
    if len(way) > 1:
        measured["way"] = [asdict(mood) for mood in way]
    return {**(portrait.how if portrait else given), **start.how, **measured}


def facts_of_sound(render: RenderSettings) -> dict[str, str] | None:
    """Name and SHA-256 of the soundfont, None without sound."""
    from mood2music.render.soundfont import find_soundfont

    return None if render.sound == "none" else facts(find_soundfont(render.soundfont))


def measure(
    pieces: list[Piece],
    target: Mood,
    song: Events,
    trained_on: "TrainedOn",
    render: RenderSettings,
    idiom: str = "",
) -> list[PieceTold]:
    """Let the judges measure each piece, and tell how near to its mood and how new it is.

    song: all of what it is after, in C major or A minor; render, idiom: how it is played.
    """
    from mood2music.judge.judges import judged
    from mood2music.judge.novelty import novelty
    from mood2music.judge.of_song import of_song
    from mood2music.judge.reasons import reasons
    from mood2music.music.events import to_notes
    from mood2music.render.ritardando import tempi_of

    told = [judged(piece.notes) for piece in pieces]
    tempi = [tempi_of(p.notes, render, idiom, p.way, p.closes) for p in pieces]
    heard = to_notes(song)
    return [
        PieceTold(
            key=piece.key.name,
            tempo=piece.notes.tempo,
            seconds=round(float(seconds_at(piece.notes.end, played, piece.notes.grid)), 3),
            tempi=[piece.way[0][1], piece.way[-1][1]] if piece.way else [],
            grid=piece.notes.grid,
            seed_end=piece.seed_end,
            sections=piece.sections,
            events=piece.events,
            ended=piece.ended,
            written_by=count(piece.authors),
            mood_distance=own["mood"].distance(target),
            reasons=reasons(piece.notes),
            judged=own,
            of_song=of_song(
                piece.notes.transposed(piece.key.to_c - 12 * piece.octaves),
                piece.seed_end,
                heard,
                piece.kept_from,
            ),
            novelty=None
            if trained_on.index is None
            else novelty(piece.notes, piece.seed_end, song, trained_on.index, piece.kept_from),
        )
        for piece, own, played in zip(pieces, told, tempi, strict=True)
    ]
