"""What `make audit` makes of what the databases of weaknesses say."""

import json
import sys

from tests.dependencies import ROOT, ask_npm, ask_pip, run


def saying(said, complaint=""):
    return lambda _command, _folder: (said if isinstance(said, str) else json.dumps(said), complaint)


def test_a_known_weakness_is_named():
    packages = [
        {"name": "one", "version": "1", "vulns": [{"id": "CVE-1"}]},
        {"name": "two", "version": "2", "vulns": []},
    ]
    found = ask_pip("lock.txt", saying({"dependencies": packages}))
    assert str(found) == "lock.txt: WEAK: one 1: CVE-1"
    web = ask_npm("web", saying({"vulnerabilities": {"left": {"severity": "high"}}}))
    assert web.weak == ("left: high",)


def test_where_none_is_known_that_is_said():
    assert ask_pip("lock.txt", saying({"dependencies": [{"name": "one", "version": "1", "vulns": []}]})).weak == ()
    assert str(ask_npm("web", saying({"vulnerabilities": {}}))) == "web/package-lock.json: no weakness is known"


def test_a_database_that_cannot_be_reached_is_no_failure_and_no_all_clear():
    found = ask_pip("lock.txt", saying("", "Traceback\nConnectionError: no route\n"))
    assert (found.weak, found.why) == (None, "ConnectionError: no route")
    assert "not checked" in str(found)
    passed_over = [{"name": "one", "skip_reason": "not found on PyPI"}]
    assert ask_pip("lock.txt", saying({"dependencies": passed_over})).weak is None
    assert ask_npm("web", saying({"message": "request failed", "error": {}}, "npm error audit")).weak is None
    assert ask_npm("web", saying("[]")).weak is None


def test_a_command_that_is_not_there_is_said_to_be_missing():
    assert run(["no-such-command-here"], ROOT)[1].startswith("no-such-command-here")
    assert run([sys.executable, "-c", "print(7)"], ROOT) == ("7\n", "")
