"""The map page and the records that travel to it."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import resources
from desktop_app import i18n
from desktop_app.services import map_document
from desktop_app.services.map_document import (
    MapFeature,
    cached_page,
    features_json,
    page_html,
    rows,
)

FEATURE = MapFeature(
    id="a1", entity="plot", lon=6.123456789, lat=52.1, symbol="plot.available", title="Kavel é"
)


@pytest.fixture(scope="module")
def html() -> str:
    return page_html()


def test_the_page_names_no_address_but_its_own(html: str) -> None:
    addresses = re.findall(r"[a-z]+://[^\s\"'<>;)]+", html)
    assert {address for address in addresses if not address.startswith("app://page")} == set()


def test_the_policy_forbids_all_and_allows_each_inline_part_by_its_hash(html: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'")
    assert "unsafe" not in policy[1]
    for part in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy[1]


def test_the_policy_stands_before_all_that_it_governs(html: str) -> None:
    assert html.index("Content-Security-Policy") < html.index("<script")


def test_a_tile_source_may_send_pictures_and_nothing_else() -> None:
    policy = map_document.with_policy("<head></head>", ["https://tiles.example.nl"])
    named = [part.split()[0] for part in policy.split(";") if "tiles.example.nl" in part]
    assert named == ["img-src"]


def test_the_page_is_written_once_and_then_read(tmp_path: Path, monkeypatch) -> None:
    written = []
    monkeypatch.setattr(map_document, "page_html", lambda _: written.append(1) or "<html>")
    assert cached_page(tmp_path / "new") == cached_page(tmp_path / "new") == b"<html>"
    assert len(written) == 1


def test_another_tile_source_is_another_page(tmp_path: Path) -> None:
    one = map_document.cached_page_path(tmp_path)
    assert one != map_document.cached_page_path(tmp_path, ["https://tiles.example.nl"])


def test_a_cache_folder_that_cannot_be_written_is_no_reason_to_show_no_map(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert b"map_naoberkaart" in cached_page(blocked / "below")


def test_records_travel_with_eight_decimals_and_plain_letters() -> None:
    assert json.loads(features_json([FEATURE])) == [
        ["a1", "plot.available", 6.12345679, 52.1, "Kavel é", "", "", None]
    ]


def test_the_quick_writer_says_what_json_says() -> None:
    line = {"type": "LineString", "coordinates": [[6.1, 52.1], [6.2, 52.2]]}
    features = [
        FEATURE,
        replace(FEATURE, title='a "b" \\ \n\u2028</script>', mark="choice", shape=line),
    ]
    assert json.loads(features_json(features)) == rows(features)
    assert json.loads(features_json([])) == []


def test_every_sentence_that_the_page_uses_is_there_in_dutch_and_english() -> None:
    i18n.use("en")
    english = map_document.page_texts()
    i18n.use("nl")
    dutch = map_document.page_texts()
    scripts = "".join(p.read_text("utf-8") for p in resources.path("map").glob("*.js"))
    used = set(re.findall(r"texts\.(\w+)", scripts))
    assert used <= set(dutch)
    assert [name for name in dutch if dutch[name] == english[name]] == []


def test_every_script_of_the_page_is_named_once() -> None:
    files = {path.stem for path in resources.path("map").glob("*.js")}
    assert files == {*map_document.MODULES, "bridge"}


def test_outlines_hold_the_municipality_eleven_kernen_and_the_source() -> None:
    outlines = map_document.outlines()
    layers = [one["properties"]["layer"] for one in outlines["features"]]
    assert layers.count("municipality") == 1
    assert layers.count("kern") == layers.count("kern_area") == 11
    assert layers.count("neighbour") == 5
    assert "CBS/Kadaster" in outlines["attribution"]
    areas = [one for one in outlines["features"] if one["properties"]["layer"] == "kern_area"]
    assert all(one["properties"]["indicative"] for one in areas)


def test_no_colour_is_written_outside_the_tokens() -> None:
    for path in resources.path("map").glob("*"):
        if path.suffix in {".js", ".css"}:
            assert not re.search(r"#[0-9A-Fa-f]{3,8}\b", path.read_text("utf-8")), path.name
