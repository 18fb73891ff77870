"""Runs the flow, a call a stage: photo -> mood -> song -> seed -> network -> events -> files."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from mood2music.command.settings import parse
from mood2music.flow.accompanying import as_tune, in_pattern, lends_passages, with_accompaniment
from mood2music.flow.composed import Composed
from mood2music.flow.extent import with_form
from mood2music.flow.manifest import Manifest, NetworkTold, SeedTold
from mood2music.flow.matching import closing, expressed, pick, towards, with_tempo_of
from mood2music.flow.network import check_metric, find_training, load_network, with_own_style
from mood2music.flow.photo import Report, read_photo, silent
from mood2music.flow.piece import Piece
from mood2music.flow.request import GenerateSettings
from mood2music.flow.request_files import check_files
from mood2music.flow.request_told import as_told
from mood2music.flow.rewriting import around, kept_way, rewrite_pieces
from mood2music.flow.seed import SeedSettings, take_seeds
from mood2music.flow.song import find_song, take_moods
from mood2music.flow.telling import facts_of_sound, measure, source_of
from mood2music.flow.writing import Progress, Watch, write_pieces
from mood2music.judge.song_mood import song_mood
from mood2music.music.expression import mean_of
from mood2music.music.idiom import IDIOMS, idiom_of
from mood2music.music.key import doubted, key_of, with_its_mode
from mood2music.music.modulation import in_one_key

# How far a piece may be heard from the mood that was wanted, on axes of -1 to 1, without a word.
MISSED = 0.5


def generate(settings: GenerateSettings, folder: Path, report: Report = silent) -> Path:
    """Compose, write the files of the run into `folder` and give the first piece's MIDI file."""
    return compose(settings, report).write(folder).files()[0]


def compose(
    settings: GenerateSettings,
    report: Report = silent,
    progress: Progress | None = None,
    learning: Progress | None = None,
    watch: Watch | None = None,
) -> Composed:
    """Walk the flow and give what came of it as values; nothing is written.

    `report` is told what each stage chose, `progress` how many events are written, of how many,
    `learning` how many steps are done, of how many at most, where a style is learnt, `watch` what
    the variants of a new piece are by now; an exception from any ends the run. Raises a
    Mood2MusicError when an input or a setting cannot be used.
    """
    settings = parse(GenerateSettings, settings)
    check_files(settings)
    rng = np.random.default_rng(settings.seed)
    if unused := settings.unused:
        sources = ("mood", "song", "midi", "audio")
        given = [name for name in sources if getattr(settings, name) is not None]
        report(f"{' and '.join(unused)} not used: the piece starts from {given[-1]}=")
    portrait = read_photo(settings.photo_settings, report) if settings.reads_photo else None
    style = with_own_style(str(settings.model), settings.styled, report, learning)
    styled = load_network(str(settings.model), style, report)
    moods = [portrait.mood] if portrait else take_moods(settings.mood_asked, report)
    first = moods[0] if moods else None
    start = find_song(settings.song_settings, first, styled.grid, rng, report)
    asked = settings.writing_settings
    kept = asked.rewrite is not None  # bars that stay are played as they are
    heard = asked.keep_seed or kept
    if not heard:
        start = replace(start, notes=in_one_key(start.notes))
    own = start.notes
    key = key_of(own)  # of the tune: what is put under it is coloured by the style
    idiom = style.players(styled.strengths())
    if not kept:
        asked = replace(asked, compass=idiom_of(idiom).compass)
    if told := doubted(own):
        report(f"key    {told}")
    if told := with_its_mode(key, settings.key):
        report(f"key    {told}")
    if settings.polyphony == 1 and not settings.accompany and not heard:
        start = as_tune(start, idiom, report)
    else:
        # Under bars that are kept nothing is laid that was not there, in new ones `finished` does.
        accompany = False if kept and settings.accompany is not True else settings.accompany
        start = with_accompaniment(start, accompany, idiom, report, heard)
    if asked.learned:
        asked = with_form(asked, styled.strengths(), start.notes, rng)
        report(f"form   {' '.join(map(str, asked.sections))}")
    seeds = SeedSettings(settings.seed_len, max(1, len({s.letter for s in asked.sections})))
    tell = report if asked.rewrite is None else silent
    passages = take_seeds(start.notes, seeds, styled.divisors, rng, tell, key)
    whole = passages.events
    trained_on = find_training(styled, settings.novelty.index)
    check_metric(settings.metric, trained_on)
    mood = song_mood(own)
    way = towards(moods or [mood], settings.goal)
    played = way if settings.expression == "mood" and (moods or len(way) > 1) and not kept else []
    writing = with_tempo_of(asked, played, start.notes)
    lends = lends_passages(start, own, idiom)

    def finished(piece: Piece, whole: bool = True) -> Piece:
        if isinstance(settings.accompany, str):
            piece = in_pattern(piece, settings.accompany, asked)
        return expressed(piece, played, asked, whole)

    if asked.rewrite is not None:
        passages, follows = around(passages, asked.rewrite)
        report(
            f"bars   {asked.rewrite[0]} to {asked.rewrite[1]} anew, behind {passages.length} "
            f"events and before {len(follows)} that are kept"
        )
        if isinstance(settings.accompany, str):
            report(f"chords under the new bars, {settings.accompany}")
        pieces = rewrite_pieces(
            styled, passages, follows, writing, start.notes, rng, progress, lends
        )
        tempi = kept_way(settings.song_settings.midi, own, asked)
        pieces = [replace(piece, way=tempi) for piece in pieces]
    else:
        seen = None
        if watch is not None:
            seen = partial(watch_played, watch, partial(finished, whole=False))
        pieces = write_pieces(
            styled, passages, writing, start.notes, start.title, rng, progress, way, seen, lends
        )
    pieces = [closing(finished(piece), asked) for piece in pieces]
    pieces, picked = pick(pieces, settings.pick, way, report)
    measured = measure(pieces, mean_of(way), whole, trained_on, settings.render, idiom)
    if moods and (missed := min(piece.mood_distance for piece in measured)) > MISSED:
        nearer = "" if settings.pick else "; n=8 pick=mood takes the nearest of eight"
        report(f"heard  {missed:.2f} from the mood that was wanted{nearer}")
    manifest = Manifest(
        as_told(settings),
        source_of(portrait, start, mood, way),
        SeedTold(passages.key.name, passages.starts, passages.length, len(passages.events)),
        NetworkTold(
            styled.base.name,
            styled.strengths(),
            styled.checksums(),
            idiom if idiom in IDIOMS else "",
        ),
        trained_on.as_dict(),
        facts_of_sound(settings.render),
        measured,
        picked,
    )
    return Composed(start, pieces, manifest, settings.render, portrait)


def watch_played(
    watch: Watch, play: Callable[[Piece], Piece], new: Callable[[], list[Piece]]
) -> None:
    """Let `watch` see pieces as they are written as they will be played."""
    watch(lambda: [play(piece) for piece in new()])
