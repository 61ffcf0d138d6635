"""The pages of the web app, as the service gives them."""

import httpx
import pytest
from docs import openapi
from fastapi import FastAPI

from conductor.service import problems, web
from conductor.service.headers import Envelope

PAGES = ["/", "/dashboard", "/dashboard/events/e1/engagement-conductor", "/room/s1", "/speak/s1"]


@pytest.fixture
def built(tmp_path):
    """A folder as a build leaves it, with a file beside it that is nobody's business."""
    folder = tmp_path / "web_app"
    (folder / "assets").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("not yours", encoding="utf-8")
    (folder / "index.html").write_text("<title>the app</title>", encoding="utf-8")
    (folder / "theme.js").write_text("dark()", encoding="utf-8")
    (folder / "assets" / "index-abc.js").write_text("run()", encoding="utf-8")
    return folder


def browser(folder):
    app = FastAPI()
    app.include_router(web.router(folder))
    problems.install(app)
    app.add_middleware(Envelope, max_body_bytes=1_000)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here")


@pytest.mark.parametrize("path", PAGES)
async def test_every_address_of_the_app_gets_the_same_page(built, path):
    async with browser(built) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, "<title>the app</title>")
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_page_may_run_no_script_but_its_own_and_stand_in_no_frame(built):
    async with browser(built) as client:
        headers = (await client.get("/dashboard")).headers
    policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


async def test_files_with_a_hash_are_kept_for_good_and_others_asked_for_again(built):
    async with browser(built) as client:
        hashed, plain = await client.get("/assets/index-abc.js"), await client.get("/theme.js")
    assert (hashed.text, plain.text) == ("run()", "dark()")
    assert "immutable" in hashed.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"
    assert hashed.headers["Content-Type"].startswith("text/javascript")


async def test_scripts_are_packed_for_whoever_can_unpack_them(built):
    (built / "assets" / "index-long.js").write_text("run();" * 1_000, encoding="utf-8")
    async with browser(built) as client:
        packed = await client.get("/assets/index-long.js")
        plain = await client.get("/assets/index-long.js", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < 200 < int(plain.headers["Content-Length"])
    assert packed.text == plain.text == "run();" * 1_000
    assert packed.headers["Content-Type"].startswith("text/javascript")
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/none.js",
        "/favicon.svg",
        "/assets/%2e%2e",
        "/assets/%2e%2e%2findex.html",
        "/assets/..%2f..%2fsecret.txt",
    ],
)
async def test_what_was_not_built_is_not_found_nor_anything_outside(built, path):
    async with browser(built) as client:
        answer = await client.get(path)
    assert (answer.status_code, "not yours" in answer.text) == (404, False)


async def test_unknown_addresses_are_no_pages(built):
    async with browser(built) as client:
        answers = [await client.get(path) for path in ("/nothing", "/api/v1/nothing", "/roomy")]
    assert [each.json()["error"]["code"] for each in answers] == ["no_such_route"] * 3


async def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path):
    async with browser(tmp_path) as client:
        answer = await client.get("/dashboard")
    assert answer.status_code == 404
    assert "make web" in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_signing_in_without_a_token_in_the_query_gets_the_page(house):
    async with house.client() as client:
        answer = await client.get("/sign-in")
    assert answer.headers["Content-Security-Policy"] == web.POLICY
    assert "Set-Cookie" not in answer.headers


def test_the_description_that_the_client_is_made_from_is_the_service_s_own():
    assert openapi.PATH.read_text(encoding="utf-8") == openapi.text(), "make it anew: .venv/bin/python docs/openapi.py"
