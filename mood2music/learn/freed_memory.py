"""Asks the C library to keep freed memory while a network learns: each step takes the same again.

Where it does not, what a step allocates is mapped anew, and the system clears every page of it: on
one core a tenth to a seventh of a training step.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

# Parameters of glibc's mallopt (malloc.h), their values here, and those that malloc comes to by
# itself in a program that frees large blocks: 32 MiB is the most that it takes from the heap.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD, MMAP_MAX = -1, -2, -3, -4
KEEPING = {MMAP_MAX: 0, TRIM_THRESHOLD: 2**31 - 1, TOP_PAD: 2**26}
USUAL = {MMAP_MAX: 65536, MMAP_THRESHOLD: 2**25, TRIM_THRESHOLD: 2**26, TOP_PAD: 2**17}


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Keep what is freed within the block, and give it back at its end; glibc alone can."""
    try:
        library = ctypes.CDLL(None)
        set_parameter, trim = library.mallopt, library.malloc_trim
    except (AttributeError, OSError, TypeError):  # another C library than glibc
        yield
        return
    for parameter, value in KEEPING.items():
        set_parameter(parameter, value)
    try:
        yield
    finally:
        for parameter, value in USUAL.items():
            set_parameter(parameter, value)
        trim(0)
