"""One suite for both shared sides: what holds in PostgreSQL holds in memory, and the other way."""
