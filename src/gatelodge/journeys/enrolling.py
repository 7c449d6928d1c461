"""Set a second factor up: which kinds there are to choose from, and the page of each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.totp import as_base32, new_secret, provisioning_uri
from gatelodge.journeys.factor_rules import (
    allowed_kinds,
    can_be_used,
    deliveries_of,
    mailbox_stands_in,
)
from gatelodge.journeys.factor_secrets import open_pending, seal_secret
from gatelodge.journeys.new_passkeys import MOST_PASSKEYS
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts
from gatelodge.model.message import Channel
from gatelodge.model.second_factor import EnrolledFactor, FactorFacts, FactorKind
from gatelodge.pages.page import Page
from gatelodge.pages.qr_code import qr_code_source
from gatelodge.pages.second_factor import (
    Ways,
    email_factor_page,
    enrolment_choice_page,
    new_authenticator_page,
    new_phone_page,
)
from gatelodge.randomness import Randomness

_GROUP = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolling:
    """The pages on which a person sets a factor up. `regions` are those phones may belong to."""

    sealer: Sealer
    randomness: Randomness
    channels: frozenset[Channel]
    regions: tuple[str, ...]

    def kinds(
        self,
        place: Place,
        facts: Facts,
        account: Account,
        factors: Iterable[EnrolledFactor] = (),
    ) -> tuple[FactorKind, ...]:
        """Return the kinds this person can set up here."""
        had = _had(factors)
        return tuple(
            each
            for each in allowed_kinds(place.user_flow)
            if each not in had
            and can_be_used(each, place.user_flow, self.channels)
            and (each is not FactorKind.EMAIL or _has_free_mailbox(facts, account))
        )

    def begun(self, facts: Facts, account: Account, kind: FactorKind | None) -> FactorFacts:
        """Return what is known once a kind was chosen: an authenticator gets a secret.

        The secret is made here and stays the same however often the page is loaded; what a form
        says about it is not read.
        """
        known = facts.factor
        if known.chosen is kind:
            return known
        begun = FactorFacts(
            is_missing=known.is_missing,
            proved=known.proved,
            proved_at=known.proved_at,
            is_managed=known.is_managed,
            chosen=kind,
        )
        if kind is not FactorKind.AUTHENTICATOR:
            return begun
        factor_id = self.randomness.uuid()
        secret = new_secret(self.randomness)
        sealed = seal_secret(self.sealer, account.id, factor_id, secret)
        return replace(begun, factor_id=factor_id, sealed_secret=sealed)

    def secret(self, account: Account, known: FactorFacts) -> bytes:
        """Return the secret an authenticator is taking over."""
        return open_pending(
            self.sealer, account.id, known.factor_id or "", known.sealed_secret or ""
        )

    def page(
        self, place: Place, account: Account, known: FactorFacts, kinds: tuple[FactorKind, ...]
    ) -> Page:
        """Return the page of the kind that was chosen, or the choice."""
        ways = Ways(has_another=len(kinds) > 1)
        match known.chosen:
            case FactorKind.AUTHENTICATOR:
                return self._authenticator_page(place, account, known, ways)
            case FactorKind.PHONE:
                return new_phone_page(
                    number=known.address,
                    allowed=self.regions,
                    deliveries=deliveries_of(place.user_flow, self.channels),
                    sent=known.delivery if known.code is not None else None,
                    ways=ways,
                )
            case FactorKind.EMAIL:
                return email_factor_page(
                    address=account.emails[0], is_sent=known.code is not None, ways=ways
                )
            case _:
                return enrolment_choice_page(kinds)

    def _authenticator_page(
        self, place: Place, account: Account, known: FactorFacts, ways: Ways
    ) -> Page:
        secret = self.secret(account, known)
        uri = provisioning_uri(
            secret, issuer=place.directory.display_name, account=_called(account)
        )
        key = as_base32(secret)
        grouped = " ".join(key[at : at + _GROUP] for at in range(0, len(key), _GROUP))
        return new_authenticator_page(source=qr_code_source(uri), uri=uri, key=grouped, ways=ways)


def is_proved_just_now(facts: Facts, account: Account) -> bool:
    """Return whether a new account's mailbox was read on the way here, so need not be again."""
    is_same = bool(account.emails) and key_of(account.emails[0]) == key_of(facts.email or "")
    return facts.is_new_account and facts.is_email_proved and is_same


def _had(factors: Iterable[EnrolledFactor]) -> frozenset[FactorKind]:
    """Return the kinds of which there are enough: one phone, one mailbox, some passkeys."""
    kinds = [each.kind for each in factors]
    several = {FactorKind.AUTHENTICATOR}
    if kinds.count(FactorKind.PASSKEY) < MOST_PASSKEYS:
        several |= {FactorKind.PASSKEY}
    return frozenset(kinds) - several


def _has_free_mailbox(facts: Facts, account: Account) -> bool:
    """Return whether the account has a mailbox that did not stand in for the password."""
    return bool(account.emails) and not mailbox_stands_in(facts, account.emails[0])


def _called(account: Account) -> str:
    """Return what an authenticator shows the account under."""
    names = (each.issuer_assigned_id for each in account.identities)
    return next(iter(account.emails), None) or next(names, account.display_name)
