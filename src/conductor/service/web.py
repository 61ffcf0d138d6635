"""The web app: pages and files that `make web` builds into the package, and a page that says so where they are missing.

The app finds its own way by the address, so that every address of it gets the same page. Files whose names carry a
hash of what is in them never change; everything else is asked for again each time.
"""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

BUILT = Path(__file__).parents[1] / "web_app"
"""Where the app is built to (`build.outDir` of web/vite.config.ts)."""

PAGES = ("/", "/dashboard", "/dashboard/{rest:path}", "/room/{rest:path}", "/speak/{rest:path}")
"""The app's addresses; `/sign-in` is one as well, for whoever brings no token in the query."""

FILES = ("favicon.svg", "theme.js")
"""Files beside the page whose names carry no hash."""

READ = ["GET", "HEAD"]

PACKED = (".css", ".js")
"""Kinds of files that get a third as long by gzip."""

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # Dialogs and toasts bring their style with them while they are open.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What a page of the app may load, by Content Security Policy: only what comes from here, and no script in the page."""

CAREFUL = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": ASK_AGAIN,
}

NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Engagement Conductor</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem }</style>
<h1>The web app is not built yet</h1>
<p>The service runs. Its pages are built apart from it, with Node.js 20.19 or newer. In the project's folder:</p>
<pre><code>make web</code></pre>
<p>Then load this page again; the service need not be started anew.</p>
<p>What it can do without pages is described at <a href="/docs">/docs</a>.</p>
</html>
"""


def is_built(built: Path = BUILT) -> bool:
    """Whether there is an app to show."""
    return (built / "index.html").is_file()


def page(built: Path = BUILT) -> Response:
    """The page of the app, whatever the address; 404 with how to build it where it is not built."""
    if not is_built(built):
        return HTMLResponse(NOT_BUILT, 404, CAREFUL)
    return FileResponse(built / "index.html", media_type="text/html; charset=utf-8", headers=CAREFUL)


def router(built: Path = BUILT) -> APIRouter:
    """The routes of the app; they are no part of the API's description.

    Args:
        built: The folder that the app was built to. It is looked at with each request.
    """
    routes = APIRouter(include_in_schema=False)

    async def show() -> Response:
        return page(built)

    def asset(name: str, request: Request) -> Response:
        path = _found(built / "assets", name)
        if path.suffix in PACKED and "gzip" in request.headers.get("Accept-Encoding", ""):
            return _packed(path)
        return FileResponse(path, headers={"Cache-Control": FOREVER, "Vary": "Accept-Encoding"})

    for path in PAGES:
        routes.add_api_route(path, show, methods=READ)
    for name in FILES:
        routes.add_api_route(f"/{name}", _giving(built, name), methods=READ)
    routes.add_api_route("/assets/{name}", asset, methods=READ)
    return routes


def _giving(folder: Path, name: str) -> Callable[[], Awaitable[Response]]:
    async def give() -> Response:
        return FileResponse(_found(folder, name), headers={"Cache-Control": ASK_AGAIN})

    return give


def _found(folder: Path, name: str) -> Path:
    """A file of this folder, and of no other."""
    path = folder / name
    if path.parent != folder or not path.is_file():
        raise HTTPException(404, "No such file")
    return path


def _packed(path: Path) -> Response:
    kind, _ = guess_type(path.name)
    headers = {"Cache-Control": FOREVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_gzipped(path), headers=headers, media_type=kind)


@lru_cache(maxsize=128)
def _gzipped(path: Path) -> bytes:
    """Once for each file: its name says what is in it, so that it never changes."""
    return gzip.compress(path.read_bytes())
