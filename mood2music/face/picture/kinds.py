"""Tells the kinds of picture that are read from those that are not, by name and first bytes.

Pillow opens some fifty formats, among them PostScript, which it hands to Ghostscript: a "photo" of
a few bytes then starts a program. FORMATS is all that it is let try here (MPO, a JPEG of several
pictures, is opened as JPEG).
"""

from pathlib import PurePosixPath

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "PPM", "WEBP", "TIFF", "AVIF")

# What a file of these is called; upper case counts as lower.
SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".avif", ".gif", ".tif",
    ".tiff", ".bmp", ".pgm", ".ppm", ".pbm", ".pnm",
)  # fmt: skip

# Cameras' raw files are TIFF outside, with a thumbnail in front: the photo is not what is read.
RAW = (
    ".3fr", ".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2",
    ".sr2", ".srw",
)  # fmt: skip

# Pictures too, though not read: a folder's report names each with the reason.
UNREAD = (
    ".heic", ".heif", ".hif", ".jxl", ".jp2", ".j2k", ".jpx", ".psd", ".dds", ".tga", ".ico",
    ".svg", ".eps", *RAW,
)  # fmt: skip

_PHONE = (b"hei", b"hev")


def is_picture(name: str) -> bool:
    """Whether a file is called a picture, one that is read or one that is not."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES + UNREAD


def is_raw(name: str) -> bool:
    """Whether a file is called a camera's raw file."""
    return PurePosixPath(name).suffix.lower() in RAW


def unread_kind(head: bytes) -> str | None:
    """Name the picture format that is not read here by a file's first 12 bytes; None for others.

    HEIC and AVIF: ISO/IEC 14496-12 and 23008-12, the brand in the first box; JPEG XL: ISO/IEC
    18181-2; JPEG 2000: ISO/IEC 15444-1, annex I.
    """
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in (b"avif", b"avis"):
            return "AVIF"
        return "HEIC" if brand[:3] in _PHONE or brand in (b"mif1", b"msf1") else None
    starts = {
        b"\xff\x0a": "JPEG XL",
        b"\0\0\0\x0cJXL ": "JPEG XL",
        b"\0\0\0\x0cjP  ": "JPEG 2000",
        b"\xff\x4f\xff\x51": "JPEG 2000",
        b"8BPS": "a Photoshop file",
        b"DDS ": "a DDS texture",
        b"\0\0\1\0": "an icon",
    }
    return next((kind for start, kind in starts.items() if head.startswith(start)), None)
