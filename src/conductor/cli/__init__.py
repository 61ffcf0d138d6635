"""The command line. Slow imports are made when a command needs them, so that `--help` answers at once."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conductor import __version__
from conductor.cli import audit, data, db, learning
from conductor.cli.demo import demo
from conductor.cli.doctor import doctor
from conductor.domain.strategies import PolicyName
from conductor.domain.trials import MAX_HOLDOUT_SHARE
from conductor.errors import ConductorError, InvalidInput

if TYPE_CHECKING:
    from conductor.telling.report import Played
    from conductor.telling.simulated import Study

app = typer.Typer(
    name="conductor",
    help="Sees a live session losing its room within seconds, acts, and measures whether that helped.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.add_typer(audit.app)
app.add_typer(db.app)
app.add_typer(data.erase)
app.command("export")(data.export_file)
app.command("import")(data.import_file)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Policy = Annotated[
    PolicyName, typer.Option(help="How an arm is chosen: thompson is the agent's way, plain that of the documents.")
]
Holdout = Annotated[
    float,
    typer.Option(
        help="Share of decisions to leave alone on purpose; a recording answers nothing.",
        min=0.0,
        max=MAX_HOLDOUT_SHARE,
    ),
]
Seed = Annotated[int, typer.Option(help="Of all chance: the same seed gives the same decisions.", min=0)]


@app.callback(invoke_without_command=True)
def conductor(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    """Sees a live session losing its room within seconds, acts, and measures whether that helped."""
    if version:
        typer.echo(f"conductor {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def replay(
    path: Annotated[Path, typer.Argument(help="A recorded session: a file, or the folder of a Zoom call.")],
    as_format: Annotated[str, typer.Option("--format", help="auto, bbb, zoom, irc or jsonl.")] = "auto",
    mode: Annotated[str, typer.Option(help="MANUAL, SEMI_AUTO or AUTO. Nobody is there to be asked.")] = "AUTO",
    seed: Seed = 0,
    speed: Annotated[str, typer.Option(help="How many times as fast as it was, or max.")] = "max",
    state: Annotated[Path | None, typer.Option(help="A file that keeps what was learned, and begins with it.")] = None,
    holdout: Holdout = 0.0,
    policy: Policy = PolicyName.THOMPSON,
    as_json: AsJson = False,
) -> None:
    """Play a recorded session through the whole agent and tell what it would have done."""
    from conductor.settings import read_mode, read_settings

    pace = _pace(speed)
    settings, chosen = read_settings(os.environ), read_mode(mode, "--mode")

    # What does not fit is said before anything slow is loaded.
    from conductor.bootstrap import played as bootstrap
    from conductor.connectors.recordings import read_recording
    from conductor.telling.report import report

    began = time.perf_counter()
    recording = read_recording(path, as_format)

    async def run() -> Played:
        with _progress(recording.duration_s, hidden=as_json) as show:

            async def on_tick(at_s: float) -> None:
                show(at_s)
                if pace is not None:
                    ahead_s = at_s / pace - (time.perf_counter() - began)
                    await asyncio.sleep(max(ahead_s, 0.0))

            return await bootstrap.replay(
                recording,
                settings,
                mode=chosen,
                seed=seed,
                state=state,
                on_tick=on_tick,
                holdout_share=holdout,
                policy=policy,
            )

    played = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps(report(played, time.perf_counter() - began), ensure_ascii=False, allow_nan=False))
        return
    _tell(played)


app.command()(demo)
app.command()(doctor)
app.command()(learning.policies)
app.command()(learning.compare)
app.command()(learning.drift)


@app.command()
def simulate(
    sessions: Annotated[int, typer.Option(help="How many rooms.", min=1, max=5000)] = 40,
    minutes: Annotated[int, typer.Option(help="How long each of them lasts.", min=10, max=600)] = 60,
    seed: Seed = 0,
    effect: Annotated[
        float, typer.Option(help="How well interventions work: 0 not at all, 1 as assumed.", min=0.0, max=10.0)
    ] = 1.0,
    policy: Policy = PolicyName.THOMPSON,
    as_json: AsJson = False,
) -> None:
    """Play simulated rooms through the whole agent, and beside them the same rooms left alone."""
    from conductor.bootstrap import played as bootstrap
    from conductor.settings import read_settings
    from conductor.telling.simulated import simulated_report, tell_simulated

    began = time.perf_counter()

    async def run() -> Study:
        with _progress(3 * minutes * 60.0, hidden=as_json) as show:

            async def on_tick(at_s: float) -> None:
                show(at_s)

            return await bootstrap.simulate(
                read_settings(os.environ),
                sessions=sessions,
                minutes=minutes,
                seed=seed,
                effect=effect,
                on_tick=on_tick,
                policy=policy,
            )

    study = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps(simulated_report(study, time.perf_counter() - began), allow_nan=False))
        return
    from rich.console import Console

    tell_simulated(study, Console(highlight=False))


@app.command()
def serve(
    role: Annotated[str, typer.Option(help="all, agent (watches and decides) or live (the rooms).")] = "all",
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="The port; 8003, or 3002 for live, if left out.", min=1, max=65535)
    ] = None,
    seed: Seed = 0,
) -> None:
    """Serve live sessions until ended: rooms for people, and the agent that watches them."""
    from conductor.settings import read_settings

    settings = read_settings(os.environ)
    if role not in {"all", "agent", "live"}:
        raise InvalidInput(f"--role is {role!r}; it may be all, agent or live")
    if role != "all" and not settings.redis_url:
        raise InvalidInput(
            f"--role {role} is one service of two, which meet on a Redis server; set REDIS_URL, or serve all in one"
        )
    import uvloop

    from conductor.bootstrap import services

    uvloop.run(
        services.serve(
            settings,
            serving=services.Serving(role),
            host=host,
            port=port,
            seed=seed,
            say=typer.echo,
        )
    )


@app.command()
def token(
    role: Annotated[str, typer.Option(help="organiser, speaker, attendee or service.")] = "",
    event: Annotated[str, typer.Option(help="The event it is for; all if left out.")] = "*",
    session: Annotated[list[str] | None, typer.Option(help="The session it is for; may be given again.")] = None,
    user: Annotated[str, typer.Option(help="Whom it stands for.")] = "",
    name: Annotated[str, typer.Option(help="What others see of them.")] = "",
    hours: Annotated[float, typer.Option(help="How long it is good for.", min=0.01, max=8760.0)] = 12.0,
    revoke: Annotated[
        str, typer.Option(help="Call this token back instead, within seconds; - reads it from standard input, unseen.")
    ] = "",
) -> None:
    """Print a token that lets somebody in, signed with the secret that the services read; or call one back."""
    from conductor.bootstrap.revocation import call_back
    from conductor.bootstrap.signing import issue
    from conductor.settings import read_settings

    if revoke:
        lost = sys.stdin.readline().strip() if revoke == "-" else revoke
        asyncio.run(call_back(read_settings(os.environ), lost))
        typer.echo("Called back: whoever comes with it is sent away.")
        return
    if not role:
        raise InvalidInput("--role is missing; it may be organiser, speaker, attendee or service")
    typer.echo(
        issue(
            read_settings(os.environ),
            role=role,
            event_id=event,
            session_ids=frozenset(session or ()),
            user_id=user or role.lower(),
            name=name,
            lifetime_s=hours * 3600.0,
        )
    )


def _tell(played: Played) -> None:
    from rich.console import Console

    from conductor.telling.story import tell

    tell(played, Console(highlight=False))


@contextmanager
def _progress(total_s: float, *, hidden: bool) -> Iterator[Callable[[float], None]]:
    """A bar on standard error that goes away when it is full."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Playing"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=hidden or not console.is_terminal) as bar:
        task = bar.add_task("", total=total_s)
        yield lambda at_s: bar.update(task, completed=at_s)


def _pace(speed: str) -> float | None:
    """How many session seconds pass in a real one; None for as fast as possible."""
    if speed == "max":
        return None
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if not 0.0 < pace < float("inf"):
        raise InvalidInput(f"--speed is {speed!r}; it has to be max or a number above 0, such as 10")
    return pace


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line; what goes wrong on purpose is one line on standard error.

    Args:
        words: What was typed after the name of the program; None for what this process was started with.
    """
    try:
        sys.exit(app(args=words, standalone_mode=False))
    except typer.TyperException as error:
        typer.echo(f"conductor: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except ConductorError as error:
        typer.echo(f"conductor: {error.message}", err=True)
        sys.exit(2 if error.status < 500 else 1)
    except SystemExit as ending:
        if not isinstance(ending.__context__, BrokenPipeError):
            raise
        # Whoever read our output has seen enough. Typer and Rich both take that for a failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
