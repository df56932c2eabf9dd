"""The words of argparse itself in our language.

argparse asks the standard library's gettext for its texts, in the process's global domain and the
language of the environment. Both point at our catalogue while arguments are read, and only then:
drivers loaded later must not start speaking another language.
"""

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager

import resources
from db.fields import N_
from desktop_app.i18n import DOMAIN, language

WORDS = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"),
    N_("expected one argument"),
    N_("expected at least one argument"),
)
"""Marked here, as the place where they are used is not ours."""


@contextmanager
def our_words() -> Iterator[None]:
    """Let argparse speak the language in use."""
    domain, before = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(resources.path("locale")))
    gettext.textdomain(DOMAIN)
    os.environ["LANGUAGE"] = language()
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before
