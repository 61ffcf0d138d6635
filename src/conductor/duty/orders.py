"""What organisers left on the desk, and what the desk is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence

from conductor.domain.events import DecisionLapsed, Event, SessionOpened
from conductor.domain.organisers import AgentSettings, Answer, Request, Verdict
from conductor.duty.params import DutyParams
from conductor.errors import StoreUnavailable
from conductor.ports import Answers, Desk


class Orders:
    """Reads settings and requests; says what lapsed, and which requests are done.

    Args:
        desk: Where organisers leave what they decide.
        answers: Where their answers are kept.
        params: Constants.
    """

    def __init__(self, desk: Desk, answers: Answers, params: DutyParams) -> None:
        self._desk = desk
        self._answers = answers
        self._params = params
        self._unset: set[str] = set()
        self._reread_at = 0.0
        self._settings: dict[str, AgentSettings] = {}
        self._done: list[Request] = []
        self._lapsed: list[Answer] = []

    def heed(self, events: Iterable[Event]) -> None:
        """Take down what is to be asked and said because of these."""
        for event in events:
            if isinstance(event, SessionOpened):
                self._unset.add(event.event_id)
            elif isinstance(event, DecisionLapsed):
                about = (event.decision_id, event.session_id)
                self._lapsed.append(Answer(*about, event.at, Verdict.LAPSED))

    def know(self, settings: AgentSettings) -> None:
        """These are heeded."""
        self._settings[settings.event_id] = settings

    async def settings(self, event_ids: Iterable[str], now: float) -> AsyncIterator[AgentSettings]:
        """What is set in events that are new, and now and then in all: what of it is not known yet.

        Raises:
            StoreUnavailable: The desk cannot be had; what was known stands.
        """
        if now - self._reread_at >= self._params.settings_s:
            self._unset |= set(event_ids)
            self._reread_at = now
        for event_id in tuple(self._unset):
            settings = await self._desk.settings(event_id)
            self._unset.discard(event_id)
            if settings is not None and settings != self._settings.get(event_id):
                yield settings

    async def answer_what_lapsed(self) -> None:
        """Nobody can approve any more what will not be carried out; where somebody answered, that answer stands.

        Raises:
            StoreUnavailable: The desk cannot be had; it is told later.
        """
        while self._lapsed:
            lapsed = self._lapsed.pop(0)
            try:
                await self._answers.answer(lapsed)
            except StoreUnavailable:
                self._lapsed.insert(0, lapsed)
                raise

    async def due(self, now: float) -> Sequence[Request]:
        """Requests that are due; the desk is told which are done.

        Raises:
            StoreUnavailable: The desk cannot be had.
        """
        done = tuple(self._done)
        due = await self._desk.due(now, done)
        # Only now: what the desk did not hear is said again.
        del self._done[: len(done)]
        return due

    def done(self, request: Request) -> None:
        """This is done and kept: a crash in between loses nothing."""
        self._done.append(request)

    async def reach(self) -> None:
        """Return if the desk can be had; raises as `due` does."""
        await self._desk.due(0.0)
