"""No request of the map page leaves the machine: content policy, guard and page agree."""

import pytest
from PySide6.QtCore import QUrl

from desktop_app.widgets.map_assets import AssetHandler, RequestGuard
from tests.tools.map_page import MapHand, feature

ATTEMPTS = """
(async () => {
  const seen = [];
  addEventListener("securitypolicyviolation", (event) => seen.push(event.effectiveDirective));
  const attempt = (name, act) =>
    Promise.resolve().then(act).then(() => `${name}: got out`, () => "");
  const load = (tag, field, url) => new Promise((done, fail) => {
    const made = document.createElement(tag);
    Object.assign(made, { onload: done, onerror: fail, [field]: url, rel: "stylesheet" });
    document.head.append(made);
  });
  const outcomes = await Promise.all([
    attempt("fetch", () => fetch("https://example.org/", { mode: "no-cors" })),
    attempt("image", () => load("img", "src", "http://example.org/a.png")),
    attempt("script", () => load("script", "src", "https://example.org/a.js")),
    attempt("style", () => load("link", "href", "https://example.org/a.css")),
    attempt("socket", () => new Promise((done, fail) => {
      const socket = new WebSocket("wss://example.org/");
      socket.onopen = done;
      socket.onerror = fail;
    })),
    attempt("file", () => fetch("file:///etc/passwd")),
  ]);
  navigator.sendBeacon("https://example.org/beacon");
  const inline = document.createElement("script");
  inline.textContent = "window.inlineRan = true";
  document.head.append(inline);
  return { escaped: outcomes.filter(Boolean), inline: Boolean(window.inlineRan),
           directives: [...new Set(seen)].sort() };
})()
"""


@pytest.mark.qt_log_ignore("Content Security Policy", "Refused to", "violates the following")
def test_every_way_out_is_refused(hand: MapHand) -> None:
    found = hand.promise(ATTEMPTS)
    assert found["escaped"] == []
    assert found["inline"] is False
    assert [name for name in hand.guard.passed if not name.startswith("app://page/")] == []
    assert {"connect-src", "img-src", "script-src-elem", "style-src-elem"} <= set(
        found["directives"]
    )


@pytest.mark.qt_log_ignore("Content Security Policy", "violates the following")
def test_the_guard_refuses_by_itself_what_a_policy_would_let_pass(hand: MapHand) -> None:
    """A frame of no policy of ours: the guard must hold on its own."""
    hand.page.runJavaScript("location.href = 'https://example.org/'")
    hand.page.load(QUrl("https://example.org/"))
    hand.frame()
    assert hand.page.url().scheme() == "app"
    guard = RequestGuard()
    for address in ("http://a.nl/x", "https://a.nl/x", "ws://a.nl", "wss://a.nl", "file:///etc"):
        assert not guard.permits(QUrl(address)), address
    assert guard.permits(QUrl("app://page/data.json"))
    assert not guard.permits(QUrl("app://other/data.json"))


def test_a_tile_source_is_let_through_only_by_its_exact_origin() -> None:
    guard = RequestGuard()
    guard.allowed = frozenset({"https://service.pdok.nl"})
    assert guard.permits(QUrl("https://service.pdok.nl/brt/1/2/3.png"))
    assert not guard.permits(QUrl("http://service.pdok.nl/brt/1/2/3.png"))
    assert not guard.permits(QUrl("https://service.pdok.nl.example.org/"))


def test_all_that_the_page_loads_is_ours(hand: MapHand) -> None:
    hand.show(feature("a", 6.5, 52.1))
    assert len(hand.guard.passed) > 10
    assert [name for name in hand.guard.passed if not name.startswith("app://page/")] == []
    assert not hand.guard.refused


@pytest.mark.parametrize(
    "name",
    ["map/../__init__.py", "../pyproject.toml", "map/derive_outlines.py", "leaflet/x.js", ""],
)
def test_the_scheme_serves_no_other_file(name: str) -> None:
    assert AssetHandler().find(name) is None
