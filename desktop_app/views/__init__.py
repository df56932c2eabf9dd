"""The window and its pages: they connect models and widgets to the use cases."""
