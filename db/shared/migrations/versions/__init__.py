"""One module a version, with its SQL beside it."""
