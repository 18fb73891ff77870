"""Puts chords and a bass under a song that is a tune, or under the tune that is taken of it.

A pattern that is asked for by name is played under all that is written, too.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mood2music.flow.photo import Report
from mood2music.flow.piece import Piece
from mood2music.flow.song import Start
from mood2music.flow.writing_settings import WritingSettings
from mood2music.music.authors import Author
from mood2music.music.idiom import IDIOMS, Idiom, idiom_of
from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes, make_notes


def with_accompaniment(
    start: Start,
    asked: bool | str | None,
    style: str,
    report: Report,
    kept: bool = False,
) -> Start:
    """Put chords and a bass under a tune that has none, or under the tune alone, as jazz has it.

    asked: whether to, or in which pattern, which takes any song's tune; None: under bare songs of
    the catalog and, in styles with an idiom, under a file that is bare and under the tune of what
    is in another style, since its chords would hold on to that; style: whose idiom it is, "" for
    none; kept: whether the file itself is to be heard in the piece: its notes stay as they are, and
    only what is bare gets chords under them. What is not heard is read in the style's own pattern,
    which its network writes best behind; the one that is asked for comes with `in_pattern`.

    Who reads lead sheets phrases the tune their own way, unless it is to be heard as it is.
    """
    from mood2music.music.accompaniment import accompanied
    from mood2music.music.key import key_of
    from mood2music.music.lead_sheet import is_lead_sheet
    from mood2music.music.tune import is_bare, tune_of

    if asked is False or not len(start.notes):
        return start
    idiom = idiom_of(style)
    alone = idiom.lead_sheets or isinstance(asked, str)
    bare = is_bare(start.notes)
    if asked is None and start.song is None:
        if style not in IDIOMS or (kept and not bare):
            return start
        if not bare and likeliest_style(start.notes) == style:
            return start
        alone = True
    elif asked is None and not bare and not alone and style in IDIOMS:
        alone = likeliest_style(start.notes) != style
    if not bare and not alone:
        if asked:
            report("the song has chords of its own, which stay; accompany=block replaces them")
        return start
    pattern = asked if isinstance(asked, str) else idiom.accompaniment
    key = key_of(start.notes)
    tune = replace(start, notes=start.notes if bare else tune_of(start.notes))
    lines: list[str] = []
    if not kept:
        tune = _phrased(tune, idiom, lines.append)
    notes = accompanied(tune.notes, pattern if kept else idiom.accompaniment, key)
    fits = len(notes) > len(tune.notes)
    whose = "its file's chords" if is_lead_sheet(tune.notes) else "chords"
    chords = f"{whose} under the tune, {pattern}" if fits else "no chords: the tune is too low"
    for line in (chords, *lines):
        report(line)
    if not fits:
        return tune
    return replace(tune, notes=notes, how={**tune.how, "accompaniment": pattern})


def in_pattern(piece: Piece, pattern: str, asked: WritingSettings) -> Piece:
    """Play a piece's chords in a pattern, under its tune: what was written, but for its last bar.

    pattern: one of `patterns.PLAYERS`; asked: whose limits on pitches hold for it as well. The
    chords are those that are heard in the piece, its score names them.
    """
    from mood2music.music.accompaniment import accompanied
    from mood2music.music.lead_sheet import stated_in
    from mood2music.music.stated_chords import StatedChord, chords_at
    from mood2music.music.tune import tune_of
    from mood2music.render.symbols import STATED, symbols

    notes, begin = piece.notes, piece.seed_end
    lines = bar_lines(notes.meter, notes.end, notes.grid)
    end = piece.kept_from or int(lines[lines < notes.end][-1:].max(initial=0))
    heard = [
        StatedChord(s.step, s.root, STATED[s.kind], s.root if s.bass is None else s.bass, s.above)
        for s in symbols(notes)
    ]
    if end <= begin or not heard:
        return piece
    # What is heard first holds from the beginning.
    heard[0] = heard[0]._replace(step=0)
    tune = replace(tune_of(notes), chords=tuple(heard))
    played = accompanied(tune, pattern, piece.key)
    sung, here = (np.isin(_places(played), _places(tune)), _between(played, begin, end))
    under = played.only(~sung & here)
    under = replace(under, duration=np.minimum(under.duration, end - under.onset))
    others = (notes.only(~_between(notes, begin, end)), played.only(sung & here))
    under = under.only(_within(under, others, asked))
    parts = (*others, under)
    whole = make_notes(
        np.concatenate([part.onset for part in parts]),
        np.concatenate([part.duration for part in parts]),
        np.concatenate([part.pitch for part in parts]),
        np.concatenate([part.velocity for part in parts]),
    )
    stated = [chord for chord in notes.chords if not begin <= chord.step < end]
    whole = replace(
        notes, onset=whole.onset, duration=whole.duration, pitch=whole.pitch,
        velocity=whole.velocity, chords=chords_at([*stated, *stated_in(heard, begin, end, 0)]),
    )  # fmt: skip
    own = dict(zip(_places(notes).tolist(), piece.authors.tolist(), strict=True))
    own |= dict.fromkeys(_places(under).tolist(), Author.ACCOMPANIMENT)
    authors = np.array([own[place] for place in _places(whole).tolist()], np.uint8)
    return replace(piece, notes=whole, authors=authors)


def _between(notes: Notes, begin: int, end: int) -> NDArray[np.bool_]:
    return (notes.onset >= begin) & (notes.onset < end)


def _places(notes: Notes) -> NDArray[np.int64]:
    """A number for each onset and pitch: (n,)."""
    return notes.onset * 128 + notes.pitch


def _within(under: Notes, others: tuple[Notes, ...], asked: WritingSettings) -> NDArray[np.bool_]:
    """Which notes (n,) keep to the range and, with the others, to how many may sound at once."""
    low, high = asked.range or (0, 127)
    fits = (under.pitch >= low) & (under.pitch <= high)
    if asked.polyphony is None:
        return fits
    sounding = np.zeros(max(part.end for part in (under, *others)), np.int64)
    for part in others:
        for onset, duration in zip(part.onset, part.duration, strict=True):
            sounding[onset : onset + duration] += 1
    # Of a chord the lowest first.
    for i in np.flatnonzero(fits):
        during = sounding[under.onset[i] : under.onset[i] + under.duration[i]]
        fits[i] = during.max() < asked.polyphony
        during += fits[i]
    return fits


def as_tune(start: Start, style: str, report: Report) -> Start:
    """Take the tune of a song alone, as the style phrases it: for a piece of one voice."""
    from mood2music.music.tune import is_bare, tune_of

    if not len(start.notes):
        return start
    if not is_bare(start.notes):
        report("the tune alone")
        start = replace(start, notes=tune_of(start.notes))
    return _phrased(start, idiom_of(style), report)


def _phrased(start: Start, idiom: Idiom, report: Report) -> Start:
    """The same in a style's register, and with a tune as who reads lead sheets phrases it."""
    from mood2music.music.phrasing import anticipated, articulated, in_usual_octave, in_usual_values

    if idiom.register is not None:
        start = replace(start, notes=in_usual_octave(start.notes, idiom.register))
    if not idiom.lead_sheets:
        return start
    tune, how = in_usual_values(start.notes), start.how
    if tune is not start.notes:
        longer = "twice" if tune.tempo > start.notes.tempo else "half"
        before = start.notes.tempo
        report(
            f"tune in notes {longer} as long: the song's {before:.0f} quarter notes a minute are "
            f"{tune.tempo:.0f}"
        )
        how = {**how, "note_values": longer}
    if idiom.early:
        tune = anticipated(tune, idiom.early)
    if idiom.articulation:
        tune = articulated(tune, idiom.articulation)
    return replace(start, notes=tune, how=how)


def lends_passages(start: Start, own: Notes, style: str) -> bool:
    """Whether a song's passages may come back whole: where it is in the style that is asked.

    own: the song before it got an accompaniment; style: as of `with_accompaniment`. What is in
    another style lends its tune alone, as its rhythm would hold on to that; so does a file whose
    tune alone was taken. Without a style a file lends all, a song of the catalog its tune: a piece
    then has the mood that was wanted more surely, CCC of arousal .77 for .72
    (experiments/mood_held).
    """
    from mood2music.music.tune import is_bare

    if not style:
        return start.song is None
    itself = start.song is None and not is_bare(own)
    return likeliest_style(own if itself else start.notes) == style


def likeliest_style(notes: Notes) -> str:
    """Name the style that the judge finds music likeliest in."""
    from mood2music.judge.style_judge import STYLES, style_of

    found = style_of(notes)
    return max(STYLES, key=lambda name: float(getattr(found, name)))
