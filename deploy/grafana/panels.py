"""What the dashboard shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One query, and what its lines are called."""

    query: str
    name: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture of some queries.

    Attributes:
        about: What it shows, and what is normal.
        unit: As Grafana calls it.
        limit: From where on it is red; None for nowhere.
        below: Whether it is red below the limit instead.
    """

    title: str
    about: str
    lines: tuple[Line, ...]
    unit: str = "short"
    limit: float | None = None
    below: bool = False
    kind: str = "timeseries"


def share(part: str, whole: str) -> str:
    """A ratio of two counts; empty where nothing was counted."""
    return f"sum(increase({part}[$__range])) / sum(increase({whole}[$__range]))"


def quantiles(name: str, by: str = "") -> tuple[Line, ...]:
    """The middle and the slow end of something that takes time."""
    of = f"sum by (le{', ' + by if by else ''}) (rate({name}_bucket[$__rate_interval]))"
    label = f"{{{{{by}}}}} " if by else ""
    return tuple(Line(f"histogram_quantile({q}, {of})", f"{label}p{round(q * 100)}") for q in (0.5, 0.95))


def rate(name: str, *by: str) -> Line:
    """How often something happens a second, by these labels."""
    legend = " ".join(f"{{{{{label}}}}}" for label in by) or "all"
    return Line(f"sum by ({', '.join(by)}) (rate({name}[$__rate_interval]))", legend)


def count(name: str, *by: str) -> Line:
    """How often something happened in each step of the picture, by these labels."""
    legend = " ".join(f"{{{{{label}}}}}" for label in by) or "all"
    return Line(f"sum by ({', '.join(by)}) (increase({name}[$__rate_interval]))", legend)


SUCCEEDED = 'conductor_outcomes_total{success="true",held_out="false"}'
MEASURED = 'conductor_outcomes_total{held_out="false"}'
LATENCY = "histogram_quantile(0.95, sum by (le) (rate(conductor_decision_latency_seconds_bucket[$__range])))"

STATS = (
    Panel("Sessions", "Watched now.", (Line("sum(conductor_sessions_watched)", ""),), kind="stat"),
    Panel(
        "Interventions",
        "In the time shown.",
        (Line("sum(increase(conductor_interventions_total[$__range]))", ""),),
        kind="stat",
    ),
    Panel(
        "Success",
        "Share of measured interventions that raised the score by 0.1. More than 70 % is meant.",
        (Line(share(SUCCEEDED, MEASURED), ""),),
        "percentunit",
        0.5,
        below=True,
        kind="stat",
    ),
    Panel(
        "Decision p95",
        "From the tick that saw a fall to the decision being told. Under 200 ms is meant.",
        (Line(LATENCY, ""),),
        "s",
        0.2,
        kind="stat",
    ),
    Panel(
        "Money of the hour",
        "Share spent or set aside.",
        (Line('max(conductor_budget_used_ratio{window="hour"})', ""),),
        "percentunit",
        0.8,
        kind="stat",
    ),
    Panel(
        "Gone",
        "Dependencies that cannot be had.",
        (Line("sum(conductor_dependency_degraded)", ""),),
        limit=1,
        kind="stat",
    ),
)

ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "Rooms",
        (
            Panel(
                "Sessions by state",
                "Open sessions.",
                (Line("sum by (state) (conductor_sessions_watched)", "{{state}}"),),
            ),
            Panel(
                "Sessions by mode", "Open sessions.", (Line("sum by (mode) (conductor_sessions_watched)", "{{mode}}"),)
            ),
            Panel("Signals", "Taken in a second, by kind.", (rate("conductor_signals_accepted_total", "kind"),)),
            Panel(
                "Signals refused",
                "A second, by channel and reason.",
                (rate("conductor_signals_rejected_total", "channel", "reason"),),
            ),
            Panel(
                "Sockets",
                "Open, and rooms with people in them.",
                (Line("sum(conductor_sockets_connected)", "sockets"), Line("sum(conductor_rooms_open)", "rooms")),
            ),
            Panel("Frames", "Events sent to sockets a second.", (rate("conductor_socket_frames_sent_total"),)),
            Panel(
                "Signals on their way",
                "Waiting for the bus, and given up.",
                (
                    Line("sum(conductor_room_signals_waiting)", "waiting"),
                    Line("sum(conductor_room_signals_lost_total)", "lost"),
                ),
            ),
        ),
    ),
    (
        "Agent",
        (
            Panel("Anomalies", "By type and severity.", (count("conductor_anomalies_total", "type", "severity"),)),
            Panel(
                "Decisions",
                "By what the mode made of them.",
                (count("conductor_decisions_total", "arm", "mode", "autonomy"),),
            ),
            Panel("Anomalies let pass", "By reason.", (count("conductor_holds_total", "reason"),)),
            Panel(
                "Interventions",
                "By arm and who worded them.",
                (count("conductor_interventions_total", "arm", "method"),),
            ),
            Panel(
                "Outcomes",
                "By arm and success.",
                (
                    count("conductor_outcomes_total", "arm", "success", "held_out"),
                    count("conductor_outcomes_unknown_total"),
                ),
            ),
            Panel(
                "Decision latency",
                "From the tick to being told; 200 ms are meant to do.",
                quantiles("conductor_decision_latency_seconds"),
                "s",
                0.2,
            ),
            Panel("Ticks", "A second; one is due every 5 s.", (rate("conductor_ticks_total", "instance"),), "ops"),
            Panel(
                "Tick duration",
                "From a tick's beginning to its end.",
                quantiles("conductor_tick_duration_seconds"),
                "s",
            ),
            Panel("Tick lag", "How late ticks begin.", quantiles("conductor_tick_lag_seconds"), "s", 1.0),
            Panel(
                "Last tick",
                "Seconds ago.",
                (Line("time() - conductor_last_tick_timestamp_seconds", "{{instance}}"),),
                "s",
                20.0,
            ),
        ),
    ),
    (
        "Organisers",
        (
            Panel(
                "Answers",
                "What became of questions.",
                (count("conductor_answers_total", "verdict"), count("conductor_decisions_lapsed_total")),
            ),
            Panel(
                "Time to answer",
                "From the question to the answer.",
                quantiles("conductor_answer_delay_seconds", "verdict"),
                "s",
            ),
            Panel(
                "Alerts", "Of Conductor itself, by what became of them.", (count("conductor_alerts_total", "outcome"),)
            ),
        ),
    ),
    (
        "Models",
        (
            Panel("Questions", "By how they ended.", (rate("conductor_model_calls_total", "model", "result"),)),
            Panel(
                "Time of a model",
                "For one question.",
                quantiles("conductor_model_call_duration_seconds", "model"),
                "s",
                5.0,
            ),
            Panel(
                "Time of words",
                "From asking to words; 5 s are meant to do.",
                quantiles("conductor_wording_duration_seconds", "method"),
                "s",
                5.0,
            ),
            Panel(
                "Cost",
                "US dollars an hour.",
                (Line("sum by (model) (rate(conductor_model_cost_usd_total[1h])) * 3600", "{{model}}"),),
                "currencyUSD",
            ),
            Panel(
                "Budget",
                "Share spent or set aside.",
                (
                    Line("max by (window) (conductor_budget_used_ratio)", "{{window}}"),
                    count("conductor_budget_warnings_total", "window"),
                ),
                "percentunit",
                0.8,
            ),
        ),
    ),
    (
        "Requests",
        (
            Panel(
                "Requests",
                "A second, by route and status.",
                (rate("conductor_http_requests_total", "method", "route", "status"),),
            ),
            Panel(
                "Time of requests",
                "To the end of the answer.",
                quantiles("conductor_http_request_duration_seconds", "route"),
                "s",
            ),
        ),
    ),
    (
        "What it stands on",
        (
            Panel(
                "Gone",
                "1 where it cannot be had.",
                (Line("conductor_dependency_degraded", "{{instance}} {{dependency}}"),),
                limit=1,
            ),
            Panel("Calls of the bus", "By outcome.", (rate("conductor_bus_calls_total", "call", "outcome"),)),
            Panel("Time of the bus", "Of one call.", quantiles("conductor_bus_call_duration_seconds", "call"), "s"),
            Panel("Calls of the store", "By outcome.", (rate("conductor_store_calls_total", "call", "outcome"),)),
            Panel("Time of the store", "Of one call.", quantiles("conductor_store_call_duration_seconds", "call"), "s"),
            Panel(
                "Waiting",
                "Events for the store, and messages for the bus.",
                (
                    Line("conductor_journal_events", "journal {{instance}}"),
                    Line("conductor_outlet_backlog_messages", "outlet {{instance}}"),
                ),
            ),
            Panel("Logged", "Warnings and errors.", (count("conductor_log_records_total", "level"),)),
            Panel(
                "Memory",
                "Of each process.",
                (Line('process_resident_memory_bytes{job=~"conductor.*"}', "{{instance}}"),),
                "bytes",
            ),
            Panel(
                "Processor",
                "Seconds of it in a second.",
                (Line('rate(process_cpu_seconds_total{job=~"conductor.*"}[$__rate_interval])', "{{instance}}"),),
            ),
            Panel("Versions", "What runs.", (Line("count by (version) (conductor_build_info)", "{{version}}"),)),
        ),
    ),
)
