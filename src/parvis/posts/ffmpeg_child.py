"""The process in which ffmpeg runs: bounded, humble, and gone when its parent is.

Started by `ffmpeg`, as a script: a line of JSON with the bounds, then the program and its arguments. What it reads was
sent by anybody, so it may use only so much memory, processor time and disk, and comes after everything else.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Give up what is not needed, then become the program."""
    bounds = json.loads(sys.argv[1])
    with contextlib.suppress(OSError, AttributeError):  # other systems than Linux have no such call
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != bounds["parent"]:
        return  # it is gone already
    os.nice(15)
    for limit, most in (
        (resource.RLIMIT_AS, bounds["memory"]),
        (resource.RLIMIT_CPU, bounds["cpu"]),
        (resource.RLIMIT_FSIZE, bounds["bytes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    os.execve(sys.argv[2], sys.argv[2:], {})  # noqa: S606 - what there is to run is chosen by `ffmpeg`


if __name__ == "__main__":
    main()
