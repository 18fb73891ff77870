"""Puts chords and a bass under a song that is a tune, or under the tune that is taken of it."""

from dataclasses import replace

from mood2music.flow.photo import Report
from mood2music.flow.song import Start
from mood2music.music.idiom import IDIOMS, Idiom, idiom_of
from mood2music.music.notes import Notes


def with_accompaniment(
    start: Start,
    asked: bool | str | None,
    style: str,
    report: Report,
    kept: bool = False,
) -> Start:
    """Put chords and a bass under a tune that has none, or under the tune alone, as jazz has it.

    asked: whether to, or in which pattern, which takes any song's tune; None: under the catalog's
    songs and, in styles with an idiom, under a file that is bare and under the tune of one in
    another style, since its chords would hold on to that; style: whose idiom it is, "" for none;
    kept: whether the file itself is to be heard in the piece: its notes stay as they are, and only
    what is bare gets chords under them.

    Who reads lead sheets phrases the tune their own way, unless it is to be heard as it is.
    """
    from mood2music.music.accompaniment import accompanied, is_bare, tune_of
    from mood2music.music.key import key_of
    from mood2music.music.lead_sheet import is_lead_sheet

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
    notes = accompanied(tune.notes, pattern, key)
    fits = len(notes) > len(tune.notes)
    whose = "its file's chords" if is_lead_sheet(tune.notes) else "chords"
    chords = f"{whose} under the tune, {pattern}" if fits else "no chords: the tune is too low"
    for line in (chords, *lines):
        report(line)
    if not fits:
        return tune
    return replace(tune, notes=notes, how={**tune.how, "accompaniment": pattern})


def as_tune(start: Start, style: str, report: Report) -> Start:
    """Take the tune of a song alone, as the style phrases it: for a piece of one voice."""
    from mood2music.music.accompaniment import is_bare, tune_of

    if not len(start.notes):
        return start
    if not is_bare(start.notes):
        report("the tune alone")
        start = replace(start, notes=tune_of(start.notes))
    return _phrased(start, idiom_of(style), report)


def _phrased(start: Start, idiom: Idiom, report: Report) -> Start:
    """The same with a tune as who reads lead sheets phrases it; others keep it."""
    from mood2music.music.phrasing import anticipated, in_usual_values

    if not idiom.lead_sheets:
        return start
    tune, how = in_usual_values(start.notes), start.how
    if tune is not start.notes:
        longer = "twice" if tune.tempo > start.notes.tempo else "half"
        report(f"tune in notes {longer} as long, {tune.tempo:.0f} quarter notes a minute")
        how = {**how, "note_values": longer}
    return replace(start, notes=anticipated(tune, idiom.early) if idiom.early else tune, how=how)


def lends_passages(start: Start, own: Notes, style: str) -> bool:
    """Whether a song's passages may come back whole: where it is in the style that is asked.

    own: the song before it got an accompaniment; style: as of `with_accompaniment`. What is in
    another style lends its tune alone, as its rhythm would hold on to that; so does a file whose
    tune alone was taken. Without a style a file lends all, a song of the catalog its tune: a piece
    then has the mood that was wanted more surely, CCC of arousal .77 for .72
    (experiments/mood_held).
    """
    from mood2music.music.accompaniment import is_bare

    if not style:
        return start.song is None
    itself = start.song is None and not is_bare(own)
    return likeliest_style(own if itself else start.notes) == style


def likeliest_style(notes: Notes) -> str:
    """Name the style that the judge finds music likeliest in."""
    from mood2music.judge.style_judge import STYLES, style_of

    found = style_of(notes)
    return max(STYLES, key=lambda name: float(getattr(found, name)))
