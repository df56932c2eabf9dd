"""The shared PostgreSQL, and the same rules in memory for tests and training."""
