import socket

import pytest
from tests.valkey import free_port

from conductor.bootstrap.listening import PORTS_TRIED, bound, first_free, url_of
from conductor.cli import main
from conductor.errors import InvalidInput, NotWorking


def test_what_is_bound_can_be_listened_at_and_is_let_go_of_afterwards():
    port = free_port()
    for _ in range(2):
        with bound("127.0.0.1", port) as [place]:
            place.listen()
            with socket.create_connection(("127.0.0.1", port)):
                pass


def test_a_place_that_something_else_has_is_refused_before_anything_is_told(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("CONDUCTOR_HOME", str(tmp_path / "home"))
    with bound("127.0.0.1", 0) as [place]:
        place.listen()
        port = place.getsockname()[1]
        with pytest.raises(SystemExit) as end:
            main(["serve", "--port", str(port)])

    out, err = capsys.readouterr()
    assert (end.value.code, out) == (1, "")
    [line] = err.splitlines()
    assert line.startswith(f"conductor: cannot listen at http://127.0.0.1:{port} (")
    assert not (tmp_path / "home").exists()


def test_where_the_usual_port_is_taken_the_next_free_one_is_found():
    with bound("127.0.0.1", 0) as [place]:
        place.listen()
        taken = place.getsockname()[1]
        assert taken < first_free("127.0.0.1", taken) < taken + PORTS_TRIED
    assert first_free("127.0.0.1", taken) == taken


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(NotWorking, match="choose another --host"), bound("192.0.2.1", 0):
        pass


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b", "x" * 300])
def test_a_host_that_nobody_knows_is_refused(host):
    with pytest.raises(InvalidInput, match="no host of this name"), bound(host, 0):
        pass


def test_addresses_of_ipv6_stand_in_brackets_in_links():
    assert url_of("::1", 8003) == "http://[::1]:8003"
    assert url_of("127.0.0.1", 8003) == "http://127.0.0.1:8003"
