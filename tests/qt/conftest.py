"""What tests on real widgets share."""

from tests.qt.window import look, no_chromium, session
from tests.tools.map_page import hand, map_cache

__all__ = ["hand", "look", "map_cache", "no_chromium", "session"]
