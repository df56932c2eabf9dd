"""Use cases and decisions of the desktop program, without Qt."""
