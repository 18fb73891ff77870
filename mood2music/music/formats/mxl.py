"""Unpacks compressed MusicXML: the score that a zip archive's container names."""

import io
import zipfile
from xml.etree import ElementTree

from mood2music.errors import MusicFileError


def unpack_mxl(content: bytes, name: str, largest: int) -> bytes:
    """Take the score out of compressed MusicXML: the file that its container names.

    largest: bytes that it may hold. Raises MusicFileError for what is no sound zip archive, for one
    without a score and for a larger one, before it is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            wanted = _named_by_container(archive) or next(
                (n for n in names if n.endswith((".xml", ".musicxml")) and "META-INF" not in n), ""
            )
            if wanted not in names:
                raise MusicFileError(f"{name} holds no score: its container names {wanted!r}")
            size = archive.getinfo(wanted).file_size
            if size > largest:
                raise MusicFileError(
                    f"{name} holds {size >> 20} MB of text: expected at most {largest >> 20} MB"
                )
            return archive.read(wanted)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError) as error:
        raise MusicFileError(
            f"{name} is no compressed MusicXML, or damaged: expected a zip archive"
        ) from error
    except (RuntimeError, NotImplementedError, ValueError, ElementTree.ParseError) as error:
        raise MusicFileError(f"{name} cannot be unpacked: {error}") from error
    except Exception as error:
        if isinstance(error, MusicFileError):
            raise
        raise MusicFileError(f"{name} is damaged: {error}") from error  # zlib's and lzma's own


def _named_by_container(archive: zipfile.ZipFile) -> str:
    """The first score that META-INF/container.xml names, "" without one."""
    path = "META-INF/container.xml"
    if path not in archive.namelist() or archive.getinfo(path).file_size > 1 << 20:
        return ""
    for element in ElementTree.fromstring(archive.read(path)).iter():
        kind = element.get("media-type", "")
        if element.tag.rpartition("}")[2] == "rootfile" and (not kind or "musicxml" in kind):
            return element.get("full-path", "")
    return ""
