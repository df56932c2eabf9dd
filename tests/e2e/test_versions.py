"""The older program, from the history, works on with this one (`tests.proofs.versions`)."""

from pathlib import Path

import pytest

from tests.proofs.versions import NoHistory, prove

pytestmark = pytest.mark.slow


def test_two_versions_of_the_program_lose_nothing(tmp_path: Path) -> None:
    try:
        prove(tmp_path)
    except NoHistory:
        pytest.skip("this clone has no history, so the older program is not here")
