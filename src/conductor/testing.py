"""Fakes that keep the promises of the ports, for tests of your own."""

from __future__ import annotations

from conductor.adapters.store_memory import MemoryArchive, MemoryDesk, MemoryStore

__all__ = ["MemoryArchive", "MemoryDesk", "MemoryStore"]
