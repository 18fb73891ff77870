"""States what whoever runs the page decides: where it listens, for whom, how much it takes."""

from dataclasses import dataclass, field
from typing import Any

from mood2music.catalog.open import CatalogSettings, check_names
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.face.reading.settings import ReadSettings
from mood2music.page.hosts import Hosts


@dataclass
class AppSettings:
    """configs/generate/app.yaml, its group `app`.

    host, port: where the page listens, 127.0.0.1 for this machine alone; hosts: names beside that
    and localhost by which visitors open it, where a proxy stands before it; auth: user:password
    that a visitor has to give, null for none; open: show it in the browser; workers: pieces written
    at the same time, others wait in a queue of at most `waiting`; upload_mb: the largest photo or
    music file; visitor_mb, visitor_files: what one machine may send in ten minutes; keep_minutes:
    how long files of a run can be fetched; longest, seconds, bars, variants: the most events,
    seconds, bars and variants that one visitor may ask for; warm: whether a piece that nobody sees
    is written at the start; learn_minutes: how long a visitor's own style is learnt at most;
    away_minutes: how long a visit is kept for who closed the page, or was cut off, and may come
    back.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    hosts: list[str] = field(default_factory=list)
    auth: str | None = None
    open: bool = False
    workers: int = 2
    waiting: int = 32
    upload_mb: int = 20
    visitor_mb: int = 200
    visitor_files: int = 60
    keep_minutes: float = 60.0
    longest: int = 1000
    seconds: int = 180
    bars: int = 96
    variants: int = 4
    warm: bool = True
    learn_minutes: float = 3.0
    away_minutes: float = 10.0

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"app.port={self.port}: expected 1 to 65535, or 0 for any free one")
        for host in (self.host, *self.hosts):
            try:
                Hosts([host])
            except ValueError:
                raise SettingsError(
                    f"app.hosts has {host}: expected a name or an address, with a port or without, "
                    "for example app.hosts=[music.example.org]"
                ) from None
        for name in (
            "workers",
            "waiting",
            "upload_mb",
            "visitor_mb",
            "visitor_files",
            "longest",
            "seconds",
            "bars",
            "variants",
        ):
            if getattr(self, name) < 1:
                raise SettingsError(f"app.{name}={getattr(self, name)}: expected 1 or more")
        for name in ("keep_minutes", "learn_minutes", "away_minutes"):
            if getattr(self, name) <= 0:
                raise SettingsError(f"app.{name}={getattr(self, name):g}: expected minutes above 0")
        if self.auth is not None and not all(self.auth.partition(":")):
            raise SettingsError("app.auth: expected user:password, for example app.auth=me:secret")

    def lengths(self) -> dict[str, int]:
        """Give the longest piece in each unit."""
        return {"events": self.longest, "seconds": self.seconds, "bars": self.bars}

    def names(self) -> Hosts:
        """Give the names that the page answers to."""
        return Hosts([self.host, *self.hosts])

    def account(self) -> tuple[str, str] | None:
        """User and password, or None where the page is open to all who reach it."""
        if self.auth is None:
            return None
        user, _, password = self.auth.partition(":")
        return user, password


@dataclass
class PageSettings:
    """configs/generate/app.yaml: the page's own settings, its catalog, how faces are read; plugins:
    modules that register choices of their own.
    """

    app: AppSettings = field(default_factory=AppSettings)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    face: dict[str, Any] = field(default_factory=dict)
    plugins: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Raise SettingsError, DataError or UnknownNameError for a value that cannot be used."""
        self.app.check()
        self.catalog.check()
        self.catalog.check_source()
        check_names(self.catalog, None, None)
        parse(ReadSettings, self.face, "face").check_detector()
