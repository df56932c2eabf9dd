"""Faults against a real PostgreSQL with real client processes: nothing lost, nothing twice."""
