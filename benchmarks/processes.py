"""Runs spread over processes, each of which keeps to one core."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

PROCESSES = 2

_THREADS = "OPENBLAS_NUM_THREADS"
# Matrices here are small: threads that share the work on them mostly wait for each other, and for the other process.


@contextmanager
def processes() -> Iterator[Executor]:
    """So many of them, begun anew; numbers come out the same however many there are."""
    before = os.environ.get(_THREADS)
    os.environ[_THREADS] = "1"
    try:
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as executor:
            yield executor
    finally:
        if before is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = before
