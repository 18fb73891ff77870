"""global_state.py: one job of a sweep leaves nothing to the next."""

import logging
import os
import random
import signal
import threading
from typing import Any

import numpy as np
import pytest
import torch

from mood2music.command.global_state import left_as_found


def state() -> dict[str, Any]:
    legacy = np.random.get_state()  # noqa: NPY002
    return {
        "threads": torch.get_num_threads(),
        "dtype": torch.get_default_dtype(),
        "precision": torch.get_float32_matmul_precision(),
        "cudnn": (torch.backends.cudnn.benchmark, torch.backends.cudnn.deterministic),
        "grad": torch.is_grad_enabled(),
        "torch": torch.get_rng_state().tolist(),
        "numpy": [str(part) for part in legacy],
        "random": random.getstate(),
        "level": logging.getLogger("lightning.pytorch").level,
        "seed": os.environ.get("PL_GLOBAL_SEED"),
        "handlers": [signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)],
    }


def change_everything() -> None:
    torch.set_num_threads(torch.get_num_threads() + 1)
    torch.set_default_dtype(torch.float64)
    torch.set_float32_matmul_precision("medium")
    torch.backends.cudnn.benchmark = not torch.backends.cudnn.benchmark
    torch.backends.cudnn.deterministic = not torch.backends.cudnn.deterministic
    torch.set_grad_enabled(False)
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002
    random.seed(1)
    logging.getLogger("lightning.pytorch").setLevel(logging.CRITICAL)
    os.environ["PL_GLOBAL_SEED"] = "1"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def test_all_is_put_back() -> None:
    before = state()
    with left_as_found():
        change_everything()
        changed = {name for name, value in state().items() if value != before[name]}
        assert changed == set(before)
    assert state() == before


def test_all_is_put_back_after_an_error() -> None:
    before = state()

    @left_as_found()
    def failing() -> None:
        change_everything()
        raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert state() == before


def test_a_thread_leaves_the_handlers_alone() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with left_as_found():
                pass
        except BaseException as error:
            faults.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert faults == []
    assert signal.getsignal(signal.SIGTERM) is handler
