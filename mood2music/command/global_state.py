"""Puts back what all jobs of a process share when one ends: a sweep runs many in one."""

import logging
import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

# Loggers whose level a training changes, and what Lightning leaves in the environment.
LOGGERS = ("lightning.pytorch", "lightning.fabric")
VARIABLES = (
    "PL_GLOBAL_SEED", "PL_SEED_WORKERS",
    # Of processes that train together: another job's would take itself for one of them.
    "MASTER_ADDR", "MASTER_PORT", "NODE_RANK", "LOCAL_RANK", "WORLD_SIZE",
)  # fmt: skip
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def left_as_found() -> Iterator[None]:
    """Put back at the end of the block, however it ends, what it changed of the process.

    That is torch's threads, number type and precision of products, the random generators, levels
    of loggers, Lightning's variables and signals' handlers.
    """
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    precision = torch.get_float32_matmul_precision()
    cudnn = torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic
    grad = torch.is_grad_enabled()
    drawn = random.getstate(), np.random.get_state(), torch.get_rng_state()  # noqa: NPY002
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    variables = {name: os.environ.get(name) for name in VARIABLES}
    main = threading.current_thread() is threading.main_thread()  # others may set no handler
    handlers = {number: signal.getsignal(number) for number in SIGNALS} if main else {}
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_default_dtype(dtype)
        torch.set_float32_matmul_precision(precision)
        torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic = cudnn
        torch.set_grad_enabled(grad)
        random.setstate(drawn[0])
        np.random.set_state(drawn[1])  # noqa: NPY002
        torch.set_rng_state(drawn[2])
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        for name, value in variables.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        for number, handler in handlers.items():
            if handler is not None:  # None: set by C code, unknown here
                signal.signal(number, handler)
