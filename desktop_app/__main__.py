"""Start the program: a command when one is given, else the window.

The window is looked for first, so that its start does not wait for modules of commands.
"""

import sys


def main() -> int:
    """Run what the arguments ask for; return the exit code."""
    if wants_window(sys.argv[1:]):
        from desktop_app.app import main as open_window

        return open_window(sys.argv)
    from desktop_app.cli import main as run_command

    return run_command()


def wants_window(arguments: list[str]) -> bool:
    """Whether there is nothing but perhaps a profile.

    >>> wants_window([]), wants_window(["--profile", "p"]), wants_window(["--profile=p", "sync"])
    (True, True, False)
    """
    if not arguments:
        return True
    if len(arguments) == 1:
        return arguments[0].startswith("--profile=")
    return len(arguments) == 2 and arguments[0] == "--profile"


if __name__ == "__main__":
    sys.exit(main())
