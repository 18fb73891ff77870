"""Shows a photo's face with the mood that it gave, and asks where the networks are not sure."""

import html

from mood2music.mood import Mood
from mood2music.page.moods import guesses, word_of
from mood2music.page.photo import PhotoMood


def portrait(seen: PhotoMood, kept: str) -> str:
    """Give the HTML; `kept`: what became of the photo, a sentence."""
    # Rounded as the plane's mood is, so that both show the same figures.
    mood = Mood(round(seen.mood.valence, 3), round(seen.mood.arousal, 3))
    told = f"{word_of(mood)} (valence {mood.valence:+z.2f}, arousal {mood.arousal:+z.2f})"
    more = f", the largest of {seen.found} faces" if seen.found > 1 else ""
    picture = f'<img src="{seen.picture}" alt="the photo, its face framed">'
    if seen.sure:
        return (
            f"<figure>{picture}<figcaption>Read from the face: {told}{more}. {kept} "
            "Not right? Drag the point.</figcaption></figure>"
        )
    why = ", ".join(seen.hindered_by) or "people would differ about this face"
    choices = "".join(
        f'<button type="button" data-mood="[{at.valence},{at.arousal}]">{word}</button>'
        for word, at, _ in guesses(seen.expressions)
    )
    return (
        f"<figure>{picture}<figcaption>Not sure: {html.escape(why)}. It may be {told}{more}. {kept}"
        f'</figcaption></figure><p class="ask" role="group" aria-label="which mood is it?">'
        f"<b>Which is it?</b> {choices}</p>"
    )
