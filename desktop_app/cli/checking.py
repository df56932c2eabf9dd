"""check: is the local store whole, and does it hold what the shared database holds."""

import argparse
from dataclasses import asdict

from db.errors import LocalStoreDamaged, UserProblem
from db.fields import N_
from db.local.engine import integrity_faults
from db.shared.postgres import PostgresDatabase
from db.sync.checking import Check, check_contents
from desktop_app.cli.context import DAMAGED, DONE, NEEDS_PERSON, Context, confirm_rows
from desktop_app.i18n import _
from desktop_app.profile import address_of
from desktop_app.services.check_text import check_text


def check(context: Context, options: argparse.Namespace) -> int:
    """Check the whole store, page by page; when asked, also against the shared database."""
    try:
        faults = integrity_faults(context.existing_store.engine)
    except LocalStoreDamaged as error:
        faults = (str(error),)
    value = {"whole": not faults, "faults": list(faults), "records": context.store.counts()}
    if faults:
        context.tell(value, _("The store is damaged:") + "\n" + "\n".join(faults))
        return DAMAGED
    if not options.contents:
        context.tell(value, _("The store is whole."))
        return DONE
    found = _compared(context)
    told = check_text(context.store)
    words = [_("The store is whole."), f"{told.title}. {told.words}"]
    context.tell({**value, "contents": asdict(found)}, "\n".join(words))
    return DONE if found.is_equal else NEEDS_PERSON


def _compared(context: Context) -> Check:
    """Compare every value with the shared database, and mend what differs."""
    address = address_of(context.profile, context.store)
    if address is None:
        raise UserProblem(N_("This laptop is not connected yet. Use: naoberkaart connect URL."))
    shared = PostgresDatabase(address)
    try:
        shared.hello()
        return check_contents(
            context.store, shared, lambda step: confirm_rows(step.done, step.total)
        )
    finally:
        shared.close()
