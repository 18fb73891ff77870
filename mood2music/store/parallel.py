"""Runs a function on many batches, on this machine's cores or on a cluster."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from joblib import Parallel, delayed, effective_n_jobs, parallel_config

from mood2music.errors import SettingsError

# How long a Dask scheduler may take to answer.
PATIENCE = "10s"
# Batches a worker between two reports of Ray.
WAVE = 4
BACKENDS = ("loky", "dask", "ray")

B = TypeVar("B")
R = TypeVar("R")


@dataclass
class ParallelSettings:
    """configs/parallel/{loky,dask,ray}.yaml.

    name: joblib's backend; address: of a running Dask scheduler ("tcp://host:8786") or Ray
    cluster ("auto", "ray://host:10001"), whose machines see the music under the same path; null
    starts one on this machine with as many workers as `data.jobs` says.
    """

    name: str = "loky"
    address: str | None = None

    def check(self) -> None:
        """Raise SettingsError for an unknown backend, and for an address that loky cannot have."""
        if self.name not in BACKENDS:
            raise SettingsError(f"parallel={self.name}: expected one of {', '.join(BACKENDS)}")
        if self.name == "loky" and self.address is not None:
            raise SettingsError("parallel.address is for parallel=dask or parallel=ray")


def spread(
    function: Callable[[B], R], batches: Sequence[B], settings: ParallelSettings, jobs: int
) -> Iterator[R]:
    """Yield `function(batch)` of every batch as each is done, in any order.

    jobs: processes, -1 for one a core; of a cluster that runs already all workers are used. One
    batch, or one job, stays in this process. Raises SettingsError for an unknown name, an
    address that nobody answers or a backend that is not installed.
    """
    settings.check()
    local = settings.address is None
    workers = min(effective_n_jobs(jobs), len(batches)) if local else -1
    if workers in (0, 1) and settings.name == "loky":
        yield from map(function, batches)
        return
    with _STARTED[settings.name](workers, settings.address):
        if settings.name != "ray":
            parallel = Parallel(return_as="generator_unordered", batch_size=1)
            yield from parallel(delayed(function)(batch) for batch in batches)
            return
        # Ray's backend gives whole lists only; short ones, so that what is done is soon known.
        wave = WAVE * effective_n_jobs()
        with Parallel(batch_size=1) as parallel:
            for start in range(0, len(batches), wave):
                yield from parallel(delayed(function)(b) for b in batches[start : start + wave])


@contextmanager
def _loky(workers: int, _: str | None) -> Iterator[None]:
    from joblib.externals.loky import get_reusable_executor

    try:
        with parallel_config("loky", n_jobs=workers, inner_max_num_threads=1):
            yield
    finally:
        get_reusable_executor().shutdown(wait=True)  # idle workers would stay for minutes


@contextmanager
def _dask(workers: int, address: str | None) -> Iterator[None]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise _missing("dask") from error
    logging.getLogger("distributed").setLevel(
        logging.WARNING
    )  # else each worker's coming and going
    if address is None:
        # No dashboard: it would open a port that nobody asked for.
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                host="127.0.0.1",
            ) as cluster,
            Client(cluster),
            parallel_config("dask", n_jobs=-1),
        ):
            yield
        return
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise _no_answer("Dask scheduler", address, "tcp://host:8786") from error
    with client, parallel_config("dask", n_jobs=-1):
        yield


@contextmanager
def _ray(workers: int, address: str | None) -> Iterator[None]:
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        raise _missing("ray") from error
    began = not ray.is_initialized()
    try:
        if began:
            options: dict[str, Any] = {"logging_level": "warning", "log_to_driver": False}
            if address is None:
                options |= {"num_cpus": workers, "include_dashboard": False}
            ray.init(address=address or "local", **options)
    except (ConnectionError, ValueError, RuntimeError) as error:
        raise _no_answer("Ray cluster", address or "", "auto or ray://host:10001") from error
    try:
        register_ray()
        with parallel_config("ray", n_jobs=workers):
            yield
    finally:
        if began:
            ray.shutdown()


_STARTED = {"loky": _loky, "dask": _dask, "ray": _ray}


def _missing(name: str) -> SettingsError:
    return SettingsError(
        f"parallel={name} needs the extra: pip install 'mood2music[{name}]', or take parallel=loky"
    )


def _no_answer(what: str, address: str, example: str) -> SettingsError:
    return SettingsError(
        f"parallel.address={address}: no {what} answers there; expected for example {example}, "
        "or null for one on this machine"
    )
