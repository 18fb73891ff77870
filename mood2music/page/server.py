"""Serves the page while a block runs, by its settings; nothing of it stays behind."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from mood2music.errors import SettingsError
from mood2music.page.gate import unshared
from mood2music.page.settings import PageSettings


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
        from mood2music.page.assembly import assembled

        made = assembled(settings, folders, report)
        try:
            port = settings.app.port or free_port(settings.app.host)
            running, address, _ = made.page.launch(server_port=port, **made.launch)
            assert running.middleware_stack is not None
            running.middleware_stack = unshared(running.middleware_stack)
        except OSError as error:
            raise SettingsError(
                f"app.port={settings.app.port} on {settings.app.host} cannot be listened at "
                f"({error}): pass another, or app.port=0 for any free one"
            ) from error
        if settings.app.warm:
            threading.Thread(target=made.warm, name="warming", daemon=True).start()
        try:
            yield address
        finally:
            made.end()
            made.page.close(verbose=False)
    finally:
        folders.close()
