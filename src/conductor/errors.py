"""One tree of errors: each knows whose fault it is, its category and its HTTP status."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Category(StrEnum):
    """The eight categories that a caller can tell apart."""

    VALIDATION = "VALIDATION"
    AUTHENTICATION = "AUTHENTICATION"
    AUTHORIZATION = "AUTHORIZATION"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMIT = "RATE_LIMIT"
    EXTERNAL_SERVICE = "EXTERNAL_SERVICE"
    INTERNAL = "INTERNAL"


class Fault(StrEnum):
    """Who has to do something about it."""

    CALLER = "CALLER"
    OPERATOR = "OPERATOR"
    UPSTREAM = "UPSTREAM"
    OURS = "OURS"


class ConductorError(Exception):
    """Base of all errors that this package raises on purpose.

    Args:
        message: What went wrong, where, and how to mend it, in one line.
        code: A stable name of the exact case, for programs.
        retry_after_s: Seconds after which trying again may help, or None.
    """

    category: ClassVar[Category] = Category.INTERNAL
    fault: ClassVar[Fault] = Fault.OURS
    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, code: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.retry_after_s = retry_after_s


class InvalidInput(ConductorError):
    """Something that was handed in does not fit."""

    category = Category.VALIDATION
    fault = Fault.CALLER
    status = 422
    default_code = "invalid_input"


class UnreadableRecording(InvalidInput):
    """A recording cannot be read. The message is `path:line: reason` (or `path: reason`)."""

    default_code = "unreadable_recording"

    def __init__(self, path: str, reason: str, *, line: int | None = None) -> None:
        where = path if line is None else f"{path}:{line}"
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class UnreadableState(InvalidInput):
    """A state file or database cannot be read, or was written by a newer version."""

    default_code = "unreadable_state"
    fault = Fault.OPERATOR


class NotFound(ConductorError):
    """Something that was asked for does not exist."""

    category = Category.NOT_FOUND
    fault = Fault.CALLER
    status = 404
    default_code = "not_found"


class Conflict(ConductorError):
    """The thing asked for is no longer possible, such as approving what was already rejected."""

    category = Category.CONFLICT
    fault = Fault.CALLER
    status = 409
    default_code = "conflict"


class StoreUnavailable(ConductorError):
    """The store cannot take or give anything now: closed, locked by another program, full, or unreachable."""

    category = Category.EXTERNAL_SERVICE
    fault = Fault.OPERATOR
    status = 503
    default_code = "store_unavailable"


class BusUnavailable(ConductorError):
    """The bus cannot take or give anything now."""

    category = Category.EXTERNAL_SERVICE
    fault = Fault.OPERATOR
    status = 503
    default_code = "bus_unavailable"


class NotDelivered(ConductorError):
    """The rooms did not acknowledge an action in time. It may be tried again under the same id."""

    category = Category.EXTERNAL_SERVICE
    fault = Fault.UPSTREAM
    status = 502
    default_code = "not_delivered"


class Unauthenticated(ConductorError):
    """Nobody knows who is asking: no token, or one that is wrong, expired or revoked."""

    category = Category.AUTHENTICATION
    fault = Fault.CALLER
    status = 401
    default_code = "unauthenticated"


class Forbidden(ConductorError):
    """It is known who is asking, and they may not."""

    category = Category.AUTHORIZATION
    fault = Fault.CALLER
    status = 403
    default_code = "forbidden"


class TooManyRequests(ConductorError):
    """A limit is reached; `retry_after_s` says when to come back."""

    category = Category.RATE_LIMIT
    fault = Fault.CALLER
    status = 429
    default_code = "too_many_requests"


class TooLarge(InvalidInput):
    """A body, batch or text is larger than allowed."""

    status = 413
    default_code = "too_large"


class NotWorking(ConductorError):
    """A part of this process does not do its work now."""

    status = 503
    default_code = "not_working"


class ModelUnavailable(ConductorError):
    """A model did not answer in time, or refused to now. `retry_after_s` says when it may, where it said so."""

    category = Category.EXTERNAL_SERVICE
    fault = Fault.UPSTREAM
    status = 502
    default_code = "model_unavailable"


class ModelMisconfigured(ModelUnavailable):
    """A model will not answer until somebody mends the settings: a wrong key, an unknown model."""

    fault = Fault.OPERATOR
    default_code = "model_misconfigured"


class UnfitAnswer(ConductorError):
    """A model answered something else than it was asked for.

    Args:
        message: What was wrong with it; it never quotes the answer.
        usage: The tokens that it took all the same: fresh, answered, read from the cache, written to it.
    """

    category = Category.EXTERNAL_SERVICE
    fault = Fault.UPSTREAM
    status = 502
    default_code = "unfit_answer"

    def __init__(self, message: str, usage: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        super().__init__(message)
        self.usage = usage


class BudgetSpent(ConductorError):
    """The budget for models does not allow this; `retry_after_s` says when it may again."""

    category = Category.RATE_LIMIT
    fault = Fault.OPERATOR
    status = 429
    default_code = "budget_spent"
