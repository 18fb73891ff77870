"""A file to the hash of its content, and to what a manifest tells of it."""

import hashlib
from pathlib import Path


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def facts(path: Path) -> dict[str, str]:
    """Name and SHA-256 of a file, for a manifest: never the folder, which may tell who ran it."""
    return {"name": path.name, "sha256": checksum(path)}
