import base64
import os
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest
from standardwebhooks import Webhook

from conductor.access.secret import kept_secret
from conductor.access.webhooks import TOLERANCE_S, verify_webhook
from conductor.errors import InvalidInput, StoreUnavailable, Unauthenticated, UnreadableState

NOW = 1_700_000_000.0
HOOK = "whsec_" + base64.b64encode(b"k" * 32).decode()


def hook_headers(body, *, secret=HOOK, sent=NOW, message_id="m1"):
    signature = Webhook(secret).sign(message_id, datetime.fromtimestamp(sent, UTC), body.decode())
    return {"Webhook-Id": message_id, "webhook-timestamp": str(int(sent)), "WEBHOOK-SIGNATURE": signature}


def why_unverified(headers, body=b"{}", *, now=NOW):
    with pytest.raises(Unauthenticated) as refused:
        verify_webhook([HOOK], headers, body, now)
    return refused.value.code


def test_a_signed_message_is_verified_and_gives_its_id():
    body = '{"content": "größer"}'.encode()
    assert verify_webhook([HOOK], hook_headers(body), body, NOW) == "m1"


def test_any_of_our_secrets_and_any_of_the_signatures_may_fit():
    other = base64.b64encode(b"o" * 32).decode()
    headers = hook_headers(b"{}", secret=other)
    headers["WEBHOOK-SIGNATURE"] = f"v1a,zzz v1,%%% nonsense {headers['WEBHOOK-SIGNATURE']}"

    assert verify_webhook([HOOK, other], headers, b"{}", NOW) == "m1"
    assert why_unverified(headers) == "signature_invalid"


@pytest.mark.parametrize("missing", ["Webhook-Id", "webhook-timestamp", "WEBHOOK-SIGNATURE"])
def test_a_message_without_one_of_the_headers_is_refused(missing):
    headers = hook_headers(b"{}")
    del headers[missing]
    assert why_unverified(headers) == "signature_missing"


@pytest.mark.parametrize("away_s", [-TOLERANCE_S - 1.0, TOLERANCE_S + 1.0])
def test_an_old_message_and_one_of_the_future_are_refused(away_s):
    assert why_unverified(hook_headers(b"{}", sent=NOW + away_s)) == "signature_expired"


@pytest.mark.parametrize("body", [b"{} ", b"", b"\xff"])
def test_a_message_whose_body_was_changed_is_refused(body):
    assert why_unverified(hook_headers(b"{}"), body) == "signature_invalid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"Webhook-Id": ""},
        {"Webhook-Id": "m2"},
        {"Webhook-Id": "m" * 201},
        {"Webhook-Id": "\udcff"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "1" * 400},
        {"webhook-timestamp": "²"},
        {"WEBHOOK-SIGNATURE": ""},
        {"WEBHOOK-SIGNATURE": "v1,é \udcff"},
    ],
)
def test_a_message_with_a_wrong_header_is_refused(wrong):
    assert why_unverified(hook_headers(b"{}") | wrong) == "signature_invalid"


def test_a_webhook_secret_that_is_none_is_our_own_mistake():
    with pytest.raises(InvalidInput, match="not base64"):
        verify_webhook(["whsec_a"], hook_headers(b"{}"), b"{}", NOW)


def test_a_secret_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "new" / "jwt_secret"
    secret = kept_secret(path)

    assert kept_secret(path) == secret
    assert len(secret) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["jwt_secret"]


def test_programs_that_start_together_get_the_same_secret(tmp_path):
    with ProcessPoolExecutor(4, get_context("spawn")) as programs:
        found = set(programs.map(kept_secret, [tmp_path / "jwt_secret"] * 16))
    assert len(found) == 1


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_a_secret_that_others_may_read_is_one_no_more(tmp_path):
    path = tmp_path / "jwt_secret"
    kept_secret(path)
    path.chmod(0o644)
    with pytest.raises(UnreadableState, match="others may read"):
        kept_secret(path)


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 40])
def test_a_file_that_holds_no_secret_is_refused_and_kept(tmp_path, content):
    path = tmp_path / "jwt_secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(UnreadableState, match="holds no secret; delete it"):
        kept_secret(path)
    assert path.read_bytes() == content


def test_a_secret_that_cannot_be_kept_is_reported_with_a_way_out(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable, match="set JWT_SECRET"):
        kept_secret(tmp_path / "file" / "jwt_secret")
