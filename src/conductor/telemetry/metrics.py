"""Metrics in the form of Prometheus: one registry for each process that serves, and none for the whole program.

Labels are words of the domain, routes as they are written in the code, and models as they are set: never an id of a
session, an event or a person, of which there are ever more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder

from conductor.errors import ConductorError

PREFIX = "conductor_"

SHORT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.5, 5.0)
"""Bounds for what a machine does. 0.2 s is what a decision may take and 0.5 s what it is complained of (the platform's
documents); both are bounds, so that shares under them are exact."""

LONG_S = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 8.0, 15.0, 30.0)
"""Bounds for what a model takes, which is given up after 4 s by default; words are to be there within 5 s."""

HUMAN_S = (2.0, 5.0, 10.0, 20.0, 30.0, 45.0, 60.0, 120.0, 300.0)
"""Bounds for what people take, who have a minute to answer."""

READ_WITHIN_S = 1.0
"""What has to be asked for when metrics are read has so long to answer; then its last value stands."""

TEXT_FORMS = ("text/plain", "application/openmetrics-text")
"""What Prometheus says it accepts."""


class Metrics:
    """One registry, and how it is filled and read.

    Args:
        version: Of the program.
    """

    def __init__(self, version: str) -> None:
        self.registry = CollectorRegistry()
        self._readings: list[Callable[[], Awaitable[None]]] = []
        self.gauge("build_info", "Always 1; the label says which version runs.", "version").labels(version).set(1)
        self.log_records = self.counter("log_records_total", "Records logged, by level.", "level")
        for level in ("warning", "error", "critical"):
            self.log_records.labels(level)
        # Memory, processor time and open files, where the system tells; with the names that every dashboard knows.
        ProcessCollector(registry=self.registry)

    def counter(self, name: str, about: str, *labels: str) -> Counter:
        """Something that only grows; its name ends in `_total`."""
        return Counter(PREFIX + name, about, labels, registry=self.registry)

    def gauge(self, name: str, about: str, *labels: str) -> Gauge:
        """Something that goes up and down."""
        return Gauge(PREFIX + name, about, labels, registry=self.registry)

    def histogram(self, name: str, about: str, *labels: str, bounds: tuple[float, ...] = SHORT_S) -> Histogram:
        """How something is spread, in seconds."""
        return Histogram(PREFIX + name, about, labels, registry=self.registry, buckets=bounds)

    def before_reading(self, read: Callable[[], Awaitable[None]]) -> None:
        """Have this asked whenever metrics are read; what cannot be had then keeps its last value."""
        self._readings.append(read)

    async def exposition(self, accept: str) -> tuple[bytes, str]:
        """All metrics, in the form that is asked for, and the type of their content.

        Args:
            accept: The header `Accept` of who asks.
        """
        await asyncio.gather(*(_read(each) for each in self._readings))
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type


def wants_text(accept: str) -> bool:
    """Whether somebody asks as Prometheus does; browsers and programs that take anything get JSON.

    >>> wants_text("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1")
    True
    >>> wants_text("*/*")
    False
    """
    return any(form in accept for form in TEXT_FORMS)


class Calls:
    """How often a dependency was called, how long that took, and how it ended.

    Args:
        metrics: Where it is counted.
        dependency: `bus` or `store`.
    """

    def __init__(self, metrics: Metrics, dependency: str) -> None:
        about = f"of the {dependency}, by call"
        self._ended = metrics.counter(f"{dependency}_calls_total", f"Calls {about} and outcome.", "call", "outcome")
        self._took = metrics.histogram(f"{dependency}_call_duration_seconds", f"Seconds of calls {about}.", "call")

    @contextmanager
    def timed(self, call: str) -> Iterator[None]:
        """Count what is done within the context."""
        began, outcome = time.perf_counter(), "error"
        try:
            yield
            outcome = "ok"
        finally:
            self._took.labels(call).observe(time.perf_counter() - began)
            self._ended.labels(call, outcome).inc()


class CountedRecords(logging.Handler):
    """Counts what is logged, by level: where errors are logged, somebody has to look."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._counted = metrics.log_records

    def emit(self, record: logging.LogRecord) -> None:
        """Count one record."""
        self._counted.labels(record.levelname.lower()).inc()


async def _read(read: Callable[[], Awaitable[None]]) -> None:
    with suppress(ConductorError, OSError, TimeoutError):
        async with asyncio.timeout(READ_WITHIN_S):
            await read()
