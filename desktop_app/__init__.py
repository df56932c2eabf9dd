"""The desktop program: the window, its use cases and the command line."""
