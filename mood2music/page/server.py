"""Serves the page while a block runs, by its settings; nothing of it stays behind."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any

from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.page.gate import Gate, unshared
from mood2music.page.hosts import as_host
from mood2music.page.login import LimitLogin, client_of
from mood2music.page.policy import Policy
from mood2music.page.settings import PageSettings

# Uploads of the largest size that may wait to be used, of all visitors together.
WAITING = 20


def check_installed() -> None:
    """Raise SettingsError where the page's library is missing."""
    if find_spec("gradio") is None:
        raise SettingsError('the page needs gradio: pip install "mood2music[app]"')


def free_port(host: str) -> int:
    """Find a port that nobody listens at."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host.strip("[]"), 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(settings: PageSettings, report: Callable[[str], None]) -> Iterator[str]:
    """Serve the page while the block runs, and give its address.

    Raises SettingsError for a wrong setting or a port that is taken, and what opening the catalog
    raises.
    """
    check_installed()
    settings.app.check()
    from mood2music.page.run_folders import RunFolders

    folders = RunFolders(60 * settings.app.keep_minutes)
    # Read by gradio at its import: where uploads lie, and that nobody is told of this run.
    os.environ["GRADIO_TEMP_DIR"] = str(folders.uploads)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Read by uvicorn: whose X-Forwarded-For is taken for the visitor's address. LimitLogin decides.
    os.environ["FORWARDED_ALLOW_IPS"] = ""
    try:
        page, launch, warming, end = _page(settings, folders, report)
        try:
            port = settings.app.port or free_port(settings.app.host)
            running, address, _ = page.launch(server_port=port, **launch)
            running.middleware_stack = unshared(running.middleware_stack)
        except OSError as error:
            raise SettingsError(
                f"app.port={settings.app.port} on {settings.app.host} cannot be listened at "
                f"({error}): pass another, or app.port=0 for any free one"
            ) from error
        if settings.app.warm:
            threading.Thread(target=warming, name="warming", daemon=True).start()
        try:
            yield address
        finally:
            end()
            page.close(verbose=False)
    finally:
        folders.close()


def _page(
    settings: PageSettings, folders: Any, report: Callable[[str], None]
) -> tuple[Any, dict[str, Any], Callable[[], None], Callable[[], None]]:
    """Build the page; how it is launched; what makes the first piece as fast as the others; what
    ends all runs.
    """
    from fastapi.middleware import Middleware

    from mood2music.face.reading.settings import ReadSettings
    from mood2music.judge.song_mood import song_mood
    from mood2music.page.blocks import ASSETS, asset, files_of
    from mood2music.page.calls import Calls
    from mood2music.page.choosing import Choosing
    from mood2music.page.form import Form
    from mood2music.page.layout import Actions, build_page
    from mood2music.page.learning import Learner
    from mood2music.page.photo import Reader
    from mood2music.page.returning import Returning
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

    reader = Reader(parse(ReadSettings, settings.face, "face"))
    catalog = CatalogView(settings.catalog, song_mood)
    report(f"songs  {len(catalog.songs)} in the catalog {settings.catalog.name}")
    models = bases()
    styles = sorted({style for model in models for style in styles_of(model)})
    app = settings.app
    file = app.upload_mb * 2**20
    machine = max(file, app.visitor_mb * 2**20)
    limits = Limits(file, WAITING * file, machine, app.visitor_files)
    uploads = Uploads(folders.uploads, limits)
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
    proxied = bool(app.hosts)
    page = build_page(settings, actions, models)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    launch = {
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
            "middleware": [
                Middleware(Policy),
                Middleware(Gate, app.names()),
                Middleware(LimitLogin, proxied),
                Middleware(CountUploads, uploads, proxied),
                Middleware(
                    Calls,
                    files_of(page),
                    folders.uploads,
                    lambda scope: waiting_of(page, scope, proxied) >= max(4, app.waiting // 2),
                    lambda session: session in page._queue.pending_messages_per_session,
                ),
            ],
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
        },
    }
    first = Form(catalog.songs[0].id, model=models[0], strengths=dict.fromkeys(styles[:1], 1.0))
    return page, launch, partial(warm, settings, first, folders), visits.stop_all


def waiting_of(page: Any, scope: Any, proxied: bool) -> int:
    """How many calls of the machine that a request comes from wait or go on."""
    client = client_of(scope, proxied)
    events = list(page._queue.event_ids_to_events.values())
    return sum(client_of(event.request.scope, proxied) == client for event in events)
