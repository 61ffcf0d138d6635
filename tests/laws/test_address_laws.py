"""Which machines an alert may reach: no spelling of a private address passes for one of the open internet."""

import ipaddress
import socket

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from conductor.adapters.addresses import is_open_address, is_open_host, only_open_connections

PRIVATE = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
    *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
]


def spelled(address: int) -> list[str]:
    """An IPv4 address as libraries and the resolver of a machine understand it."""
    dotted = str(ipaddress.IPv4Address(address))
    octal = ".".join(f"0{part:o}" for part in address.to_bytes(4, "big"))
    return [
        dotted,
        str(address),
        hex(address),
        octal,
        f"::ffff:{dotted}",
        f"::ffff:{address >> 16:x}:{address & 0xFFFF:x}",
    ]


private = st.one_of([st.ip_addresses(network=network) for network in PRIVATE])


@given(private)
def test_no_spelling_of_a_private_address_is_open(address):
    assert [text for text in spelled(int(address)) if is_open_host(text)] == []


@given(private)
def test_an_address_that_leads_to_a_private_one_is_not_open(address):
    number = int(address)
    through = [0x0064FF9B << 96 | number, 0x2002 << 112 | number << 80, 0xFFFF << 32 | number]
    assert [each for each in through if is_open_address(str(ipaddress.IPv6Address(each)))] == []


@given(st.ip_addresses(v=6))
def test_an_address_of_the_sixth_version_is_open_only_if_it_is_global(address):
    assert address.is_global or not is_open_address(str(address))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_machines_of_the_open_internet_are_open(text):
    assert is_open_address(text)


@pytest.mark.parametrize("text", ["fe80::1%eth0", "fc00::1", "::1", "::", "ff02::1", "no-address", ""])
def test_what_is_no_such_machine_is_not_open(text):
    assert not is_open_address(text)


def test_a_library_that_is_led_elsewhere_at_the_last_moment_connects_to_nothing():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        where = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with only_open_connections(), pytest.raises((requests.ConnectionError, PermissionError)):
            requests.get(where, timeout=5)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_elsewhere_everybody_connects_as_before():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with only_open_connections(), pytest.raises(PermissionError):
            socket.create_connection(server.getsockname(), 5)
        socket.create_connection(server.getsockname(), 5).close()
