"""Says how a run is: the card that page.js reads, and what went wrong."""

import html
import re
from typing import Any

from mood2music.errors import Mood2MusicError
from mood2music.page.words import in_words
from mood2music.page.work import Done, Step

# What follows a title in the line that names a song, and a file's name in the line that names it.
NAMED = re.compile(r" · |, valence |: \d+ notes ?")


def failed(error: Mood2MusicError, card: bool = False) -> str:
    """Say what went wrong beside what caused it, or (card) where a piece would have come."""
    words = words_of(error)
    return gone(words) if card else f'<p class="failed" role="alert">{html.escape(words)}</p>'


def words_of(error: Mood2MusicError) -> str:
    """Say what went wrong; an error may name a folder of the server: its last part is told."""
    return re.sub(r"/(?:[^/\s]+/)+", "", in_words(error))


def gone(words: str) -> str:
    """Show the card of a run that came to nothing."""
    text = html.escape(words)
    return (
        f'<div class="card failed" role="alert" data-state="failed"><h2>That did not work</h2>'
        f"<p>{text}</p></div>"
    )


def card(state: str, title: str, share: float = 0.0, say: str = "", inside: str = "") -> str:
    """Show how a run is; state, share, say: for page.js, which tells title and screen readers."""
    percent = round(100 * share)
    bar = (
        f'<progress max="100" value="{percent}" aria-label="progress"></progress>'
        if state == "working"
        else ""
    )
    return (
        f'<div class="card" data-state="{state}" data-share="{percent}" '
        f'data-say="{html.escape(say or title)}"><h2>{html.escape(title)}</h2>{bar}{inside}</div>'
    )


def working(step: Step) -> str:
    """Show the steps of a run: those done, the one that goes on, those to come."""
    song = next((line for line in step.lines if line.startswith(("song ", "midi ", "audio "))), "")
    name = NAMED.split(song.partition(" ")[2].strip(), maxsplit=1)[0]
    begins = f"Begins with {name}" if name else "Finding the music"
    of = "event" + "s" * (step.done > 1) if step.rough else f"of {step.total} events"
    writing = f"Writing the notes: {step.done} {of}" if step.done else "Writing the notes"
    stages = [begins, writing, "Engraving the score, making the sound"]
    now = 2 if step.of else 1 if step.total else 0
    title = "Writing your piece"
    if step.of and not step.total:  # the notes were there before
        stages, now, title = stages[2:], 0, "Playing your piece anew"
    marks = ["done" if i < now else "now" if i == now else "next" for i in range(len(stages))]
    listed = "".join(
        f'<li class="{mark}"{" aria-current=step" * (mark == "now")}>{html.escape(stage)}</li>'
        for mark, stage in zip(marks, stages, strict=True)
    )
    inside = f'<ol class="steps">{listed}</ol>{how(step.lines)}'
    return card("working", title, step.share, stages[now].split(":")[0], inside)


def finished(done: Done[Any]) -> str:
    """Show what was said on the way."""
    return f'<div data-state="done" data-say="Your piece is ready">{how(done.lines)}</div>'


def how(lines: tuple[str, ...]) -> str:
    """Show the lines that the command line would print, behind a heading to open."""
    if not lines:
        return ""
    text = html.escape("\n".join(lines))
    return f'<details><summary>How it is made</summary><pre tabindex="0">{text}</pre></details>'
