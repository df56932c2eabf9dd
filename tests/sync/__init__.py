"""Laptops and a shared database that come into step, whatever happens in between."""
