"""Puts the page together: what all visitors share, its functions, what stands before it.

Imports Gradio, which reads its settings from the environment then: `server` sets them before.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi.middleware import Middleware

from mood2music.command.settings import parse
from mood2music.face.reading.settings import ReadSettings
from mood2music.judge.song_mood import song_mood
from mood2music.page.blocks import ASSETS, Page, asset, files_of
from mood2music.page.calls import Calls
from mood2music.page.choosing import Choosing
from mood2music.page.form import Form
from mood2music.page.gate import Gate
from mood2music.page.hosts import as_host
from mood2music.page.layout import Actions, build_page
from mood2music.page.learning import Learner
from mood2music.page.login import LimitLogin, client_of
from mood2music.page.photo import Reader
from mood2music.page.policy import Policy
from mood2music.page.returning import Returning
from mood2music.page.run_folders import RunFolders
from mood2music.page.settings import AppSettings, PageSettings
from mood2music.page.songs import CatalogView
from mood2music.page.taking import Taking
from mood2music.page.teaching import Teaching
from mood2music.page.theme import theme
from mood2music.page.uploads import CountUploads, Limits, Uploads
from mood2music.page.visits import Visits
from mood2music.page.warming import warm
from mood2music.page.writing import Writing
from mood2music.style.learning import Learning
from mood2music.style.shipped import bases, locate, styles_of

# Uploads of the largest size that may wait to be used, of all visitors together.
WAITING = 20
# Calls of one machine that may wait or go on, at least; else half of the line.
LEAST = 4


@dataclass(frozen=True)
class Assembled:
    """The page and how Gradio launches it.

    warm: makes the first piece as fast as the others; end: ends all that goes on.
    """

    page: Page
    launch: dict[str, Any]
    warm: Callable[[], None]
    end: Callable[[], None]


def assembled(
    settings: PageSettings, folders: RunFolders, report: Callable[[str], None]
) -> Assembled:
    """Build the page. Raises what opening the catalog raises."""
    app = settings.app
    reader = Reader(parse(ReadSettings, settings.face, "face"))
    catalog = CatalogView(settings.catalog, song_mood)
    report(f"songs  {len(catalog.songs)} in the catalog {settings.catalog.name}")
    models = bases()
    styles = sorted({style for model in models for style in styles_of(model)})
    uploads = Uploads(folders.uploads, limits_of(app))
    visits = Visits(folders, uploads, app.workers, 60 * app.away_minutes)
    learner = Learner(folders, uploads, locate(models[0]), Learning(minutes=app.learn_minutes))
    visits.sessions.ending.append(learner.leave)
    actions = Actions(
        Choosing(app, catalog, reader, visits),
        Writing(settings, catalog, visits, learner, styles, models),
        Taking(visits, app.keep_minutes),
        Teaching(learner, len(styles), visits.visitor),
        Returning(visits, learner),
    )
    page = build_page(settings, actions, models)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    doors = doors_of(app, page, folders, uploads)
    first = Form(catalog.songs[0].id, model=models[0], strengths=dict.fromkeys(styles[:1], 1.0))

    def end() -> None:
        visits.close()
        learner.close()

    return Assembled(
        page, launch_of(app, folders, doors), partial(warm, settings, first, folders), end
    )


def limits_of(app: AppSettings) -> Limits:
    """How much may be uploaded."""
    file = app.upload_mb * 2**20
    machine = max(file, app.visitor_mb * 2**20)
    return Limits(file, WAITING * file, machine, app.visitor_files)


def doors_of(
    app: AppSettings, page: Page, folders: RunFolders, uploads: Uploads
) -> list[Middleware]:
    """What a request passes before it comes to the page, the outermost first."""
    proxied = bool(app.hosts)
    most = max(LEAST, app.waiting // 2)

    def crowded(scope: Any) -> bool:
        return waiting_of(page, client_of(scope, proxied), proxied) >= most

    def listening(session: str) -> bool:
        return session in page._queue.pending_messages_per_session

    return [
        Middleware(Policy),
        Middleware(Gate, app.names()),
        Middleware(LimitLogin, proxied),
        Middleware(CountUploads, uploads, proxied),
        Middleware(Calls, files_of(page), folders.uploads, crowded, listening),
    ]


def waiting_of(page: Page, client: str, proxied: bool) -> int:
    """How many calls of a machine wait or go on."""
    events = list(page._queue.event_ids_to_events.values())
    return sum(client_of(event.request.scope, proxied) == client for event in events)


def launch_of(app: AppSettings, folders: RunFolders, doors: list[Middleware]) -> dict[str, Any]:
    """What Gradio's `launch` is called with, but for the port."""
    return {
        "server_name": as_host(app.host),
        "auth": app.account(),
        "inbrowser": app.open,
        "share": False,
        "quiet": True,
        "prevent_thread_lock": True,
        "show_error": False,
        "footer_links": [],
        "run_history": False,
        "pwa": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "allowed_paths": [str(folders.served)],
        "max_file_size": app.upload_mb * 2**20,
        "theme": theme(),
        "css": asset("page.css"),
        "favicon_path": str(ASSETS / "favicon.svg"),
        "app_kwargs": {
            "middleware": doors,
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    }
