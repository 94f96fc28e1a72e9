"""What this machine has to spare for models: threads and memory."""

import contextlib
import functools
import os
import pathlib

GIGABYTE = 1 << 30


def spare_threads() -> int:
    """All cores but one: two busy threads on two busy cores fall to a crawl."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)


@functools.cache
def hold_back() -> None:
    """Keep NumPy's own threads within the spare ones, from now on, for the whole process."""
    import threadpoolctl

    threadpoolctl.threadpool_limits(spare_threads())


def free_memory() -> int:
    """Bytes that could be taken now without pushing others out, within the limits set on this process's group."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError, StopIteration):
        lines = pathlib.Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    with contextlib.suppress(OSError, ValueError):
        group = pathlib.Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text("ascii"))  # the word "max" is no number: no limit
        free = min(free, limit - int((group / "memory.current").read_text("ascii")))
    return free
