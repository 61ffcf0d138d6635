"""The API on one page for people to read: every operation with what it is for, and where the whole description is.

The usual pages of this kind load their scripts from elsewhere. Those could do whatever the organiser may whose cookie
opens this origin, so that this page has none at all.
"""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from conductor.service.web import CAREFUL

router = APIRouter(include_in_schema=False)

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}: the API</title>
<style>
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 48rem; margin: 3rem auto; padding: 0 1rem }}
code {{ overflow-wrap: anywhere }}
h2, h3 {{ line-height: 1.3; margin: 2rem 0 0.25rem }}
p {{ margin: 0.25rem 0 }}
</style>
<main>
<h1>{title} {version}: the API</h1>
<p>{about}</p>
<p>All parameters, bodies and answers: <a href="/openapi.json">/openapi.json</a>, in the form of OpenAPI, which tools
for APIs read. The web app is at <a href="/">/</a>.</p>
{operations}
</main>
</html>
"""

OPERATION = """<section>
<h3>{summary}</h3>
<p><code>{method} {path}</code></p>
<p>{about}</p>
</section>"""


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs(request: Request) -> HTMLResponse:
    """What the service can do."""
    return HTMLResponse(page(request.app.openapi()), headers=CAREFUL)


def page(description: dict[str, Any]) -> str:
    """The page of an API.

    Args:
        description: It in the form of OpenAPI, each operation with a tag, a summary and a description.
    """
    by_tag: dict[str, list[str]] = {}
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            by_tag.setdefault(told["tags"][0], []).append(_operation(method, path, told))
    parts = [part for tag, shown in by_tag.items() for part in (f"<h2>{escape(tag.capitalize())}</h2>", *shown)]
    info = description["info"]
    return PAGE.format(
        title=escape(info["title"]),
        version=escape(info["version"]),
        about=_text(info["description"]),
        operations="\n".join(parts),
    )


def _operation(method: str, path: str, told: dict[str, Any]) -> str:
    about = _text(told["description"])
    return OPERATION.format(summary=escape(told["summary"]), method=method.upper(), path=escape(path), about=about)


def _text(words: str) -> str:
    """Paragraphs, without the backquotes around names."""
    return escape(words.strip().replace("`", "")).replace("\n\n", "</p>\n<p>")
