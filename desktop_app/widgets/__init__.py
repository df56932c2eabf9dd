"""Reusable Qt parts: they show values and emit what the user did; no rules, no store."""
