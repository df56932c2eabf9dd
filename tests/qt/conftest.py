"""What tests on real widgets share."""

from tests.qt.merge_page import colleague, double_edit, opened
from tests.qt.window import look, no_chromium, session
from tests.tools.map_page import hand, map_cache

__all__ = [
    "colleague", "double_edit", "hand", "look", "map_cache", "no_chromium", "opened", "session",
]  # fmt: skip
