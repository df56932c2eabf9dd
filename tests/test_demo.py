"""The demonstration for newcomers: an administrator, two laptops, one real PostgreSQL."""

import pytest

from tests.tools import demo


@pytest.mark.slow
def test_two_laptops_hold_the_same_after_each_changed_something_off_line(capsys):
    assert demo.main(["--no-windows"]) == 0
    told = capsys.readouterr().out
    assert told.count("INI-") == 4
    assert told.count("Met een waterpomp") == 2
