"""Writes a short piece that nobody sees, so that the first visitor waits for no import."""

import logging
from dataclasses import replace

from mood2music.errors import Mood2MusicError
from mood2music.flow.pipeline import compose
from mood2music.page.form import SHORTEST, Form, to_request
from mood2music.page.run_folders import RunFolders
from mood2music.page.settings import PageSettings

log = logging.getLogger(__name__)


def warm(settings: PageSettings, form: Form, folders: RunFolders) -> None:
    """Write what a form asks for as SHORTEST events, with sound and score, and remove it."""
    folder = folders.private()
    short = replace(form, length=SHORTEST, unit="events", variants=1)
    try:
        compose(to_request(short, settings)).write(folder)
    except (Mood2MusicError, OSError) as error:
        log.warning("the first piece will take longer: %s", error)
    finally:
        folders.remove(folder)
