"""The laptop's own store: an encrypted SQLite file that holds everything its user may see."""
