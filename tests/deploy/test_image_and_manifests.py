"""The image, the proxy and the manifests for Kubernetes, each read by a tool of its own."""

import re

import pytest
import yaml
from tests.deploy.files import DEPLOY, manifests, misfits, ran
from tests.needed import ROOT

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]


def test_the_linter_of_dockerfiles_has_nothing_to_say():
    assert ran("hadolint", "--failure-threshold", "style", str(DEPLOY / "Dockerfile")) == (0, "", "")


def test_everything_that_is_copied_into_the_image_is_there_and_not_left_out():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    sources = [
        source
        for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in words.split()[:-1]
    ]
    assert len(sources) > 8
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source in kept or source.split("/")[0] in kept, source


def test_the_image_runs_as_nobody_in_particular_and_holds_nothing_that_builds():
    assert re.search(r"^USER 10001:10001$", FINAL, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", FINAL, re.MULTILINE)
    assert not re.search(r"apt-get|gcc|npm|pip install", FINAL)
    assert FINAL.index("USER ") < FINAL.index("ENTRYPOINT")
    assert "org.opencontainers.image.licenses" in FINAL


@pytest.mark.parametrize("site", [":8080", "conductor.example.org"])
def test_the_proxy_understands_its_configuration(site, tmp_path):
    environment = {"CONDUCTOR_SITE": site, "XDG_DATA_HOME": str(tmp_path)}
    words = ("validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile"))
    code, _, said = ran("caddy", *words, cwd=tmp_path, environment=environment)
    assert code == 0, said


@pytest.fixture(scope="module")
def all_of_them():
    return manifests()


def test_kubernetes_would_take_every_manifest(all_of_them):
    assert len(all_of_them) >= 15
    assert {each["kind"]: said for each in all_of_them if (said := misfits(each))} == {}
    example = yaml.safe_load((DEPLOY / "kubernetes" / "secret.example.yaml").read_text(encoding="utf-8"))
    assert misfits(example) == []


def test_a_manifest_that_does_not_fit_would_be_noticed(all_of_them):
    service = next(each for each in all_of_them if each["kind"] == "Service")
    assert misfits({**service, "spec": {**service["spec"], "portz": []}}) != []


def named(all_of_them, kind):
    return {each["metadata"]["name"]: each for each in all_of_them if each["kind"] == kind}


def test_there_is_one_agent_and_as_many_rooms_as_are_needed(all_of_them):
    deployments = named(all_of_them, "Deployment")
    assert deployments["agent"]["spec"]["replicas"] == 1
    assert deployments["agent"]["spec"]["strategy"] == {"type": "Recreate"}
    assert "replicas" not in deployments["live"]["spec"]
    scaled = named(all_of_them, "HorizontalPodAutoscaler")["live"]["spec"]
    assert scaled["scaleTargetRef"]["name"] == "live"
    assert set(named(all_of_them, "PodDisruptionBudget")) == {"agent", "live"}


def test_every_process_is_asked_whether_it_lives_and_has_no_more_rights_than_it_needs(all_of_them):
    pods = [each["spec"]["template"]["spec"] for each in all_of_them if each["kind"] in {"Deployment", "Job"}]
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        [box] = pod["containers"]
        assert box["securityContext"]["readOnlyRootFilesystem"]
        assert box["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in box["resources"]["limits"]
        if box["args"][0] == "serve":
            assert box["livenessProbe"]["httpGet"]["path"] == "/health/live"
            assert box["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert len(pods) == 3


def test_every_service_and_policy_means_pods_that_there_are(all_of_them):
    labels = [
        each["spec"]["template"]["metadata"]["labels"] for each in all_of_them if each["kind"] in {"Deployment", "Job"}
    ]
    chosen = [s["spec"]["selector"] for name, s in named(all_of_them, "Service").items() if name != "closed"]
    chosen += [p["spec"]["podSelector"]["matchLabels"] for p in named(all_of_them, "NetworkPolicy").values()]
    chosen += [b["spec"]["selector"]["matchLabels"] for b in named(all_of_them, "PodDisruptionBudget").values()]
    assert [wanted for wanted in chosen if not any(wanted.items() <= each.items() for each in labels)] == []


def test_alerts_by_mail_find_their_way_out(all_of_them):
    [policy] = named(all_of_them, "NetworkPolicy").values()
    ports = {each["port"] for way in policy["spec"]["egress"] for each in way["ports"]}
    assert {443, 465, 587} <= ports


def test_what_operators_read_is_closed_to_everybody_else(all_of_them):
    [rule] = named(all_of_them, "Ingress")["conductor"]["spec"]["rules"]
    leads = {each["path"]: each["backend"]["service"]["name"] for each in rule["http"]["paths"]}
    assert leads == {"/metrics": "closed", "/health/detailed": "closed", "/socket.io": "live", "/": "agent"}
    assert "selector" not in named(all_of_them, "Service")["closed"]["spec"]


def test_monitoring_can_be_added_and_names_jobs_as_the_alerts_do(all_of_them):
    monitor = yaml.safe_load((DEPLOY / "kubernetes" / "monitoring" / "servicemonitor.yaml").read_text(encoding="utf-8"))
    jobs = {
        service["metadata"]["labels"].get(monitor["spec"]["jobLabel"])
        for service in named(all_of_them, "Service").values()
    }
    assert jobs - {None} == {"conductor-agent", "conductor-live"}
