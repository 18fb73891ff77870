"""Gives an Ogg stream a serial number that every run shares."""

import struct
from functools import cache

# CRC-32 with this polynomial, neither reflected nor inverted (RFC 3533, section 6, field 7).
POLYNOMIAL = 0x04C11DB7
SERIAL = 1
# Of a page's header: the serial number, the checksum, how many bytes of segment lengths follow.
_SERIAL_AT, _CHECKSUM_AT, _COUNT_AT, _HEADER = 14, 22, 26, 27


def with_serial(stream: bytes, serial: int = SERIAL) -> bytes:
    """Number the one logical stream of an Ogg file; encoders draw a number at random.

    Raises ValueError for what is no sequence of Ogg pages.
    """
    pages = bytearray(stream)
    at = 0
    while at < len(pages):
        if pages[at : at + 4] != b"OggS" or at + _HEADER > len(pages):
            raise ValueError(f"no Ogg page at byte {at}")
        count = pages[at + _COUNT_AT]
        lengths = pages[at + _HEADER : at + _HEADER + count]
        end = at + _HEADER + count + sum(lengths)
        struct.pack_into("<I", pages, at + _SERIAL_AT, serial)
        struct.pack_into("<I", pages, at + _CHECKSUM_AT, 0)
        struct.pack_into("<I", pages, at + _CHECKSUM_AT, checksum(bytes(pages[at:end])))
        at = end
    return bytes(pages)


def checksum(page: bytes) -> int:
    """Ogg's checksum of a page whose own checksum is 0."""
    table, total = _table(), 0
    for byte in page:
        total = (total << 8) & 0xFFFFFFFF ^ table[total >> 24 ^ byte]
    return total


@cache
def _table() -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        entry = byte << 24
        for _ in range(8):
            entry = (entry << 1) & 0xFFFFFFFF ^ (POLYNOMIAL if entry >> 31 else 0)
        entries.append(entry)
    return tuple(entries)
