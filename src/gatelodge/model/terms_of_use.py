"""Terms of use: what a user flow asks people to accept, and who accepted which when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MOST_KEPT = 20
"""How many acceptances an account keeps, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsOfUse:
    """What people accept before they go on, and where they can read it.

    A new `version` is asked for again, of everybody.
    """

    is_acceptance_required: bool = False
    version: str = "1"
    terms_of_use_url: str | None = None
    privacy_statement_url: str | None = None


NO_TERMS = TermsOfUse()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedTerms:
    """That somebody accepted a version."""

    version: str
    accepted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsFacts:
    """The version an interaction knows to be accepted; None for none."""

    version: str | None = None


NOTHING_ACCEPTED = TermsFacts()


def with_version(
    accepted: Sequence[AcceptedTerms], version: str, now: datetime
) -> tuple[AcceptedTerms, ...]:
    """Return the acceptances with another one, which is the newest."""
    others = (each for each in accepted if each.version != version)
    return (*others, AcceptedTerms(version=version, accepted_at=now))[-MOST_KEPT:]
