"""Start the program: a command when one is given, else the window."""

import sys

from desktop_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
