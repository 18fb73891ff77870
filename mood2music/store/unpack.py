"""Unpacks the music of a zip into the cache, within bounds; what is no music stays in the zip."""

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from mood2music.errors import DataError
from mood2music.files import cache_folder, checksum, together
from mood2music.music.read import LARGEST, SUFFIXES

# Files of a zip, and bytes of all together once unpacked: a kilobyte can claim gigabytes.
MOST_FILES, MOST_BYTES = 2000, 512 << 20


def unpacked(path: Path, into: Path | None = None) -> Path:
    """Give the folder of a zip's music, unpacked once; files lie in it side by side, by number.

    into: a folder in the cache's place. Names in a zip may lead anywhere: none is used but for its
    last part. Raises DataError for what is no zip, one without music, and one that is too large.
    """
    folder = (into or cache_folder()) / "unpacked" / checksum(path)[:20]
    if folder.is_dir():
        return folder
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if m.filename.lower().endswith(SUFFIXES)]
            members = [m for m in members if not PurePosixPath(m.filename).name.startswith("._")]
            _check(path, members)
            with together(folder) as unfinished:
                for number, member in enumerate(members):
                    name = PurePosixPath(member.filename.replace("\\", "/")).name
                    with (
                        archive.open(member) as packed,
                        (unfinished / f"{number:04d}_{name}").open("wb") as file,
                    ):
                        shutil.copyfileobj(packed, file)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise DataError(f"{path.name} cannot be unpacked: {error}") from error
    return folder


def _check(path: Path, members: list[zipfile.ZipInfo]) -> None:
    size = sum(member.file_size for member in members)
    if not members:
        raise DataError(f"{path.name} holds none of {', '.join(SUFFIXES)}")
    if len(members) > MOST_FILES or size > MOST_BYTES:
        raise DataError(
            f"{path.name} holds {len(members)} files of music, {size >> 20} MB: expected at most "
            f"{MOST_FILES} and {MOST_BYTES >> 20} MB"
        )
    largest = max(members, key=lambda member: member.file_size)
    if largest.file_size > LARGEST:
        raise DataError(f"{path.name}: {largest.filename} is larger than {LARGEST >> 20} MB")
