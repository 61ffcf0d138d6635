import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.recording_examples import panel_that_falls
from tests.valkey import free_port

from conductor.cli import main

ROOT = Path(__file__).parents[2]
CLASS, CHAT, CALL = (
    str(ROOT / "recordings" / f"{name}.jsonl") for name in ("class-with-polls", "research-chat", "panel-call")
)
KEYS = ["session", "signals", "duration_s", "score", "series", "anomalies", "decisions", "interventions", "elapsed_s"]


def conductor(*words, stdout=subprocess.PIPE, **environment):
    """Run the command line as a program of its own."""
    # Nothing set on this machine may change what is tested.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CONDUCTOR_", "ANOMALY_"))}
    own.pop("ENGAGEMENT_THRESHOLD", None)
    command = [sys.executable, "-m", "conductor", *map(str, words)]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, encoding="utf-8", env=own | environment, check=False
    )


def one_object(result):
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


@pytest.fixture
def ended(capsys):
    """What becomes of a command line within this process, which is faster than a program of its own."""

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(end.value.code or 0), out, err)

    return run


def refusal(result):
    """The one line that says what is wrong."""
    assert result.returncode == 2
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("conductor: ")
    return line


def test_help_names_the_commands():
    result = conductor("--help")

    assert result.returncode == 0
    assert all(f"  {command} " in result.stdout for command in ("replay", "demo", "simulate"))


def test_without_a_command_there_is_help():
    assert conductor().stdout == conductor("--help").stdout


def test_the_version_is_told():
    result = conductor("--version")

    assert (result.returncode, result.stdout.split()[0]) == (0, "conductor")


@pytest.mark.parametrize("recording", [CLASS, CHAT, CALL])
def test_each_bundled_recording_is_told(ended, recording):
    result = ended("replay", recording)

    assert (result.returncode, result.stderr) == (0, "")
    assert "signals:" in result.stdout
    assert "anomal" in result.stdout


def test_a_replay_as_json_has_what_was_promised_and_is_the_same_in_every_process(tmp_path):
    recording = panel_that_falls(tmp_path / "panel.jsonl")
    results = [conductor("replay", recording, "--json", PYTHONHASHSEED=seed) for seed in ("1", "2")]
    first, second = (one_object(result) for result in results)

    assert set(KEYS) <= set(first)
    assert set(first["score"]) == {"min", "median", "max"}
    assert set(first["series"][0]) >= {"t", "score"}
    assert first["signals"]["join"] == 60
    assert first["decisions"]
    assert first["interventions"]
    assert first.pop("elapsed_s") > 0.0
    second.pop("elapsed_s")
    texts = [result.stdout.rpartition(', "elapsed_s"')[0] for result in results]
    assert texts[0] == texts[1]
    assert first == second


def test_what_was_learned_is_kept_in_the_state_file_also_for_another_process(ended, tmp_path):
    recording, state = panel_that_falls(tmp_path / "panel.jsonl", until=1100.0), tmp_path / "state.db"
    first, second = [one_object(run("replay", recording, "--state", state, "--json")) for run in (ended, conductor)]

    assert [decision["past"]["attempts"] for decision in first["decisions"]] == [0, 0, 0]
    assert [decision["past"]["attempts"] for decision in second["decisions"]] == [1, 1, 1]


def test_a_recording_that_cannot_be_read_is_refused_by_file_line_and_reason(ended, tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"t": 0, "channel": "chat:message:new", "data": {}}\n{"t": "soon"}\n{"t": \n')
    line = refusal(ended("replay", broken, "--json"))

    assert line.startswith(f"conductor: {broken}:2: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-file"], "no-such-file: no such file or folder"),
        ([CLASS, "--mode", "robot"], "--mode is 'robot'; it may be MANUAL, SEMI_AUTO, AUTO"),
        ([CLASS, "--format", "vhs"], "unknown format 'vhs'; known are auto, bbb, zoom, irc, jsonl"),
        ([CLASS, "--speed", "0"], "--speed is '0'; it has to be max or a number above 0"),
        ([CLASS, "--speed", "nan"], "--speed is 'nan'; it has to be max or a number above 0"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_one_line(ended, words, told):
    assert told in refusal(ended("replay", *words))


def test_a_state_file_that_is_none_is_refused_in_one_line_and_left_alone(ended, tmp_path):
    state = tmp_path / "state.db"
    state.write_bytes(bytes(range(256)) * 20)

    assert str(state) in refusal(ended("replay", CLASS, "--state", state))
    assert state.read_bytes() == bytes(range(256)) * 20


@pytest.mark.parametrize(("name", "value"), [("ENGAGEMENT_THRESHOLD", "high"), ("CONDUCTOR_LABEL", "x" * 61)])
def test_a_setting_that_does_not_fit_is_refused_by_its_name(name, value):
    assert name in refusal(conductor("replay", CLASS, **{name: value}))


def test_a_demo_with_bad_settings_says_so_before_anything_else():
    assert "ENGAGEMENT_THRESHOLD" in refusal(conductor("demo", "--once", ENGAGEMENT_THRESHOLD="high"))


@pytest.mark.parametrize("words", [["frobnicate"], ["replay"], ["replay", CLASS, "--seed", "-1"], ["replay", "--what"]])
def test_wrong_usage_is_refused_in_one_line(ended, words):
    refusal(ended(*words))


def test_the_room_of_the_demo_is_rescued(ended):
    result = ended("demo", "--once")

    assert (result.returncode, result.stderr) == (0, "")
    assert "Rescued: " in result.stdout


def test_a_simulation_is_the_same_again_with_the_same_seed():
    words = ("simulate", "--sessions", "2", "--minutes", "10", "--json")
    first, second = (one_object(conductor(*words, PYTHONHASHSEED=seed)) for seed in ("1", "2"))

    assert first.pop("elapsed_s") > 0.0
    second.pop("elapsed_s")
    assert first == second
    assert (first["sessions"], first["minutes"]) == (2, 10)


@pytest.mark.parametrize("effect", ["inf", "nan", "-1"])
def test_an_effect_that_is_no_number_of_times_is_refused(ended, effect):
    line = refusal(ended("simulate", "--sessions", "1", "--minutes", "10", "--effect", effect))

    assert "--effect" in line


@pytest.mark.parametrize("words", [["replay", CLASS], ["replay", CLASS, "--json"], ["--help"]])
def test_a_reader_who_goes_away_is_no_failure(words):
    reader, writer = os.pipe()
    os.close(reader)
    result = conductor(*words, stdout=writer)
    os.close(writer)

    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("secret", ["", "s" * 40])
def test_a_home_that_cannot_be_made_is_told_of_in_one_line(tmp_path, secret):
    (tmp_path / "file").write_text("no folder")
    result = conductor(
        "serve", "--port", free_port(), CONDUCTOR_HOME=str(tmp_path / "file" / "home"), JWT_SECRET=secret
    )

    assert (result.returncode, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert str(tmp_path / "file") in line
