"""The contrast the design guide promises, recomputed for every token on all its grounds."""

from dataclasses import fields

import pytest

from desktop_app.tokens import DARK, LIGHT, Tokens, Tone

SCHEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
PAGES = ("window", "surface", "raised", "nav", "hover")
ROWS = (*PAGES, "sel")
MAP = ("map_paper", "map_outside", "map_built", "map_wood", "map_water", "map_road")
TONES = (Tone.RED, Tone.AMBER, Tone.GREEN, Tone.BLUE, Tone.GREY)
PINS = (Tone.AMBER, Tone.BLUE, Tone.GREEN, Tone.GREY)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lowest(scheme: Tokens, ink: str, grounds: tuple[str, ...]) -> float:
    return min(contrast(scheme.colour(ink), scheme.colour(ground)) for ground in grounds)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_token_is_a_colour(scheme: Tokens) -> None:
    for field in fields(scheme):
        if field.name != "is_dark":
            colour = scheme.colour(field.name)
            assert len(colour) == 7
            assert int(colour[1:], 16) >= 0


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "grounds"),
    [
        ("text", (*ROWS, "accent_soft", "red_soft", "amber_soft", "green_soft")),
        ("muted", ROWS),
        ("accent", (*ROWS, "accent_soft")),
        ("on_accent", ("accent", "accent_hover")),
        ("disabled", ("disabled_bg", "surface", "window")),
        ("red", (*PAGES, "red_soft")),
        ("amber", (*ROWS, "amber_soft")),
        ("green", (*PAGES, "green_soft")),
        ("blue", (*PAGES, "blue_soft")),
        ("grey", (*PAGES, "grey_soft")),
        ("map_name", MAP),
    ],
)
def test_text_can_be_read(scheme: Tokens, ink: str, grounds: tuple[str, ...]) -> None:
    assert lowest(scheme, ink, grounds) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_borders_can_be_seen(scheme: Tokens) -> None:
    assert lowest(scheme, "edge", ROWS) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", TONES)
def test_words_of_a_chip_can_be_read_on_its_own_colour(scheme: Tokens, tone: Tone) -> None:
    assert contrast(scheme.fore(tone), scheme.soft(tone)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", PINS)
def test_pins_stand_out_on_every_ground_and_in_the_list(scheme: Tokens, tone: Tone) -> None:
    grounds = [scheme.colour(ground) for ground in MAP]
    assert min(contrast(scheme.pin(tone), ground) for ground in grounds) >= 3.4
    assert min(contrast(scheme.pin(tone), scheme.colour(ground)) for ground in ROWS) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("tone", PINS)
def test_icons_in_filled_pins_can_be_seen(scheme: Tokens, tone: Tone) -> None:
    assert contrast(scheme.pin(tone), scheme.pin_edge) >= 3


@pytest.mark.parametrize(
    ("scheme", "ink", "grounds", "promised"),
    [
        (LIGHT, "text", ("sel",), 13.0),
        (DARK, "text", ("sel",), 8.5),
        (LIGHT, "edge", ("sel",), 3.1),
        (DARK, "edge", ("sel",), 3.3),
        (LIGHT, "on_accent", ("accent",), 7.0),
        (DARK, "on_accent", ("accent",), 7.5),
        (LIGHT, "disabled", ("disabled_bg",), 4.7),
        (DARK, "disabled", ("disabled_bg",), 5.4),
    ],
)
def test_ratios_are_those_of_the_guide(
    scheme: Tokens, ink: str, grounds: tuple[str, ...], promised: float
) -> None:
    assert lowest(scheme, ink, grounds) == pytest.approx(promised, abs=0.06)


def test_the_map_page_gets_every_colour_by_name() -> None:
    css = LIGHT.css_variables()
    assert f"--map-paper: {LIGHT.map_paper};" in css
    assert f"--accent-soft: {LIGHT.accent_soft};" in css
    assert "is-dark" not in css
