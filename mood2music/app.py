"""The page: `python -m mood2music.app`, then open the address that it prints."""

import signal
import sys
import threading

from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.files import CONFIGS


@entrypoint("app", CONFIGS / "generate")
def main(config: DictConfig) -> None:
    """Serve the page on this machine until Ctrl-C."""
    from mood2music.command.settings import parse
    from mood2music.page.settings import PageSettings

    settings = parse(PageSettings, config)
    from mood2music.page.server import served

    # So that what a service manager ends is cleared away as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with served(settings, print) as address:
        print(f"open   {address} (Ctrl-C ends)", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("ended")


if __name__ == "__main__":
    main()
