"""What tests on real widgets share."""

from tests.tools.map_page import hand, map_cache

__all__ = ["hand", "map_cache"]
