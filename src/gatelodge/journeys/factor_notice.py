"""Tell the owner of an account what became of its second factors."""

from collections.abc import Iterator
from datetime import datetime

from gatelodge.journeys.place import Place
from gatelodge.mail.factor_messages import FactorMessages
from gatelodge.model.account import Account
from gatelodge.model.message import Message


def tell_owner(
    messages: FactorMessages, place: Place, account: Account, what: str, now: datetime
) -> Iterator[Message]:
    """Yield the mail that says it, for an account whose owner can be reached."""
    for address in account.emails[:1]:
        yield messages.change(place.directory, place.strings, address, what, now)
