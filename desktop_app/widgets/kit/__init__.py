"""Small controls after the design guide, each with keyboard, focus and accessible name."""
