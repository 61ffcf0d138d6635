"""What the compose files promise, as Compose itself reads them."""

import re

import pytest
import yaml
from tests.deploy.files import BASE, DEPLOY, DOMAIN, PRODUCTION, composed, copied, ran

OURS = {"agent", "live", "migrate"}
KEEPS = {"database", "bus"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return copied(tmp_path_factory.mktemp("deploy"))


@pytest.fixture(scope="module")
def base(folder):
    return composed(folder, BASE)["services"]


@pytest.fixture(scope="module")
def production(folder):
    return composed(folder, BASE, PRODUCTION)


def test_nothing_has_to_be_set_to_try_it(base):
    assert set(base) == {"database", "bus", "migrate", "agent", "live", "proxy"}


def test_production_does_not_start_without_a_name_for_people_to_open(folder):
    code, _, said = ran("docker-compose", "--file", BASE, "--file", PRODUCTION, "config", cwd=folder)
    assert (code, "set CONDUCTOR_DOMAIN in deploy/.env" in said) == (1, True)


def test_everything_starts_in_the_order_in_which_it_is_needed(base):
    needs = {
        name: {on: how["condition"] for on, how in each.get("depends_on", {}).items()} for name, each in base.items()
    }
    assert needs["migrate"] == {"database": "service_healthy"}
    assert needs["agent"] == {"migrate": "service_completed_successfully", "bus": "service_healthy"}
    assert needs["live"] == {"bus": "service_healthy"}
    assert needs["proxy"] == {"agent": "service_healthy", "live": "service_healthy"}


def test_every_service_is_watched_started_again_and_limited(production):
    for name, each in production["services"].items():
        assert each["restart"] == ("no" if name == "migrate" else "unless-stopped"), name
        assert name == "migrate" or each["healthcheck"]["test"], name
        assert each["logging"]["options"] == {"max-file": "5", "max-size": "10m"}, name
        assert {"cpus", "memory"} <= set(each["deploy"]["resources"]["limits"]), name


def test_every_service_has_no_more_rights_than_it_needs(production):
    for name, each in production["services"].items():
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert not each.get("privileged"), name
        # The database's own image begins as root, to make its folder, and goes on as another user.
        assert name in KEEPS or each["cap_drop"] == ["ALL"], name
        assert name == "database" or each["read_only"], name


def test_nobody_comes_in_but_by_the_proxy(production):
    open_ports = {
        name: ports
        for name, each in production["services"].items()
        if (ports := [port["published"] for port in each.get("ports", []) if port.get("host_ip") != "127.0.0.1"])
    }
    assert open_ports == {"proxy": ["80", "443", "443"]}


def test_what_holds_everything_has_no_way_to_the_internet(production):
    assert production["networks"]["inside"]["internal"]
    assert {name for name, each in production["services"].items() if list(each["networks"]) == ["inside"]} >= KEEPS


def test_secrets_come_from_files_and_are_shown_nowhere(folder, production):
    kept = [path.read_text(encoding="utf-8").split()[-1] for path in sorted((folder / "secrets").iterdir())]
    assert len(kept) == len(production["secrets"]) == 6
    assert [each for each in kept if each in str(production)] == []
    for name in OURS:
        environment = production["services"][name]["environment"]
        files = {value for variable, value in environment.items() if variable.endswith("_FILE")}
        assert files == {secret["target"] for secret in production["services"][name]["secrets"]}
        assert (environment["CONDUCTOR_ENV"], environment["DATABASE_URL"]) == ("production", "")
        assert environment["CONDUCTOR_PUBLIC_URL"] == f"https://{DOMAIN}"


def test_making_secrets_again_changes_none(folder):
    before = {path.name: path.read_text(encoding="utf-8") for path in (folder / "secrets").iterdir()}
    assert ran("sh", "secrets.sh", cwd=folder) == (0, "", "")
    assert {path.name: path.read_text(encoding="utf-8") for path in (folder / "secrets").iterdir()} == before
    assert (folder / "secrets").stat().st_mode & 0o077 == 0


def test_a_new_password_of_the_database_is_also_in_its_address(folder):
    (folder / "secrets" / "database_password").unlink()
    assert ran("sh", "secrets.sh", cwd=folder)[0] == 0
    password = (folder / "secrets" / "database_password").read_text(encoding="utf-8").strip()
    assert f":{password}@database:5432/" in (folder / "secrets" / "database_url").read_text(encoding="utf-8")


def test_the_bus_keeps_what_it_is_told_and_forgets_nothing_when_it_is_full(base, production):
    for command in (base["bus"]["command"], production["services"]["bus"]["command"]):
        words = " ".join(command)
        assert "--appendonly yes" in words
        assert "--maxmemory-policy noeviction" in words


def test_every_image_has_a_version(production):
    images = {each["image"] for each in production["services"].values()}
    assert all(re.search(r":[\w.-]*\d", image) or image == "engagement-conductor:dev" for image in images), images


def test_prometheus_asks_whom_compose_starts(production):
    text = (DEPLOY / "prometheus" / "prometheus.yml").read_text(encoding="utf-8")
    named = {host for host, _ in re.findall(r"\[([\w-]+):(\d+)\]", text)}
    assert named == {"agent", "live", "alertmanager"} <= set(production["services"])


def test_every_file_that_is_mounted_is_there(folder, production):
    mounts = [
        mount["source"]
        for each in production["services"].values()
        for mount in each.get("volumes", [])
        if mount["type"] == "bind"
    ]
    assert len(mounts) == 5
    assert [source for source in mounts if not (folder / source.rpartition("/deploy/")[2]).exists()] == []


def test_the_example_of_an_environment_can_be_used_as_it_is(folder):
    (folder / ".env").write_text((folder / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    code, out, said = ran("docker-compose", "--file", BASE, "--file", PRODUCTION, "config", cwd=folder)
    (folder / ".env").unlink()
    assert code == 0, said
    assert yaml.safe_load(out)["services"]["agent"]["environment"]["CONDUCTOR_METRICS_DAYS"] == "90"
