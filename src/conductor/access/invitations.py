"""Invitations into a session: whoever accepts one becomes somebody there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from conductor.access.rights import Principal, Role
from conductor.errors import InvalidInput

ID_BYTES = 12
"""Of chance in an id: nobody meets another one's by accident."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody is invited to be, and where.

    Attributes:
        invitation_id: Tells invitations apart.
        role: Who accepts it is that, in this session and nowhere else: ATTENDEE or SPEAKER.

    Raises:
        InvalidInput: It is another role.
    """

    invitation_id: str
    role: Role
    event_id: str
    session_id: str

    def __post_init__(self) -> None:
        if self.role not in {Role.ATTENDEE, Role.SPEAKER}:
            raise InvalidInput(f"nobody is invited to be {self.role}; give out a token, or invite ATTENDEE or SPEAKER")

    @classmethod
    def new(cls, role: Role, event_id: str, session_id: str) -> Invitation:
        """One that nobody has seen yet."""
        return cls(secrets.token_urlsafe(ID_BYTES), role, event_id, session_id)

    def guest(self, name: str = "") -> Principal:
        """Who somebody becomes by accepting it.

        An attendee's is for many, and each of them is somebody new. A speaker's is for one, who is the same person on
        every device.
        """
        own = self.invitation_id if self.role is Role.SPEAKER else secrets.token_urlsafe(ID_BYTES)
        user_id = f"{self.role.value.lower()}-{own}"
        return Principal(user_id, self.role, self.event_id, frozenset({self.session_id}), name)
