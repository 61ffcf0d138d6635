"""The service keeps to its own description, whatever is sent."""

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi import checks
from tests.service.conftest import House

from conductor.access.rights import Role

HOUSE = House()
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", HOUSE.app())
HEADERS = {Role.ORGANISER: HOUSE.token(Role.ORGANISER), Role.SERVICE: HOUSE.token(Role.SERVICE)}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@schemathesis.serializer("application/x-ndjson")
def as_it_is(context, lines):
    """Lines are sent as they were made up."""
    return str(lines).encode(errors="replace")


@SCHEMA.parametrize()
@settings(
    max_examples=3,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[*HealthCheck],
)
def test_the_service_does_what_its_description_says(case):
    role = Role.SERVICE if case.path.endswith("/signals") else Role.ORGANISER
    case.call_and_validate(headers={"Authorization": f"Bearer {HEADERS[role]}"}, checks=CHECKS)
