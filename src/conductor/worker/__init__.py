"""Joins loop, workflow and store: signals go in, and everything that happened is kept and told."""

from conductor.worker.errands import Turn
from conductor.worker.hearing import Tell, Unended, tell_nobody
from conductor.worker.worker import Worker

__all__ = ["Tell", "Turn", "Unended", "Worker", "tell_nobody"]
