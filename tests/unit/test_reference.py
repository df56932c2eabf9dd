"""The kernen that a new store starts with, and which kern a place belongs to."""

import subprocess
import sys

import pytest

from db.entities.place import KernKind
from db.reference import OUTSIDE_KERN, kern_at, kern_id, reference_kernen
from db.rules import problems


def test_there_are_eleven_kernen_and_one_outside():
    kernen = reference_kernen()
    inside = [kern for kern in kernen if kern.kind is not KernKind.OUTSIDE]
    assert len(inside) == 11
    assert [kern.id for kern in kernen if kern.kind is KernKind.OUTSIDE] == [OUTSIDE_KERN]
    assert len({kern.id for kern in kernen}) == 12


def test_ids_never_change():
    """A laptop of last year and one of today mean the same kern."""
    assert str(kern_id("Rekken")) == "3f26a87e-dc47-5ee9-bd23-9fa3cf0f962a"
    assert str(OUTSIDE_KERN) == "dbc4cc0a-fc92-5fee-88fb-3432fa719f09"


@pytest.mark.parametrize("kern", reference_kernen(), ids=lambda kern: kern.name)
def test_every_kern_keeps_the_rules(kern):
    assert problems(kern) == ()


def test_the_middle_of_a_kern_lies_in_that_kern():
    for kern in reference_kernen():
        if kern.geometry is not None:
            assert kern_at(*kern.geometry.anchor) == kern.id


@pytest.mark.parametrize(
    ("place", "x_rd", "y_rd"),
    [
        ("Groenlo", 239_600, 450_800),
        ("Haaksbergen", 246_900, 464_300),
        ("Lochem", 225_300, 463_900),
    ],
)
def test_a_neighbouring_town_lies_outside_though_it_is_in_the_rectangle(place, x_rd, y_rd):
    assert kern_at(x_rd, y_rd) == OUTSIDE_KERN, place


def test_noordijk_has_no_town_of_its_own_and_shares_the_postcode_of_neede():
    by_name = {kern.name: kern for kern in reference_kernen()}
    assert by_name["Noordijk"].town_code is None
    assert by_name["Noordijk"].postcodes4 == by_name["Neede"].postcodes4


def test_asking_for_a_kern_loads_no_geometry_library():
    """The start of the program must not wait for shapely or pyproj."""
    report = "print('shapely' in sys.modules, 'pyproj' in sys.modules)"
    code = f"import db.reference as r, sys; r.kern_at(1, 1); {report}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
