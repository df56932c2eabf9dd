"""How a laptop and the shared database come into step."""
