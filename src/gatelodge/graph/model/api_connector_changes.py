"""What writing an API connector does."""

import binascii
from base64 import b64decode
from dataclasses import astuple, dataclass, replace

from gatelodge.crypto.client_certificate import Unreadable, read_pkcs12
from gatelodge.errors import Invalid, Problem
from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.model.in_use import refuse_in_use
from gatelodge.model.api_connector import (
    ApiConnector,
    BasicAuthentication,
    ClientCertificate,
    ClientCertificateAuthentication,
)
from gatelodge.model.web_address import origin_of, web_address_problem
from gatelodge.storage.identity_lists import API_CONNECTORS as LISTS
from gatelodge.storage.stores import Stores

MAX_CONNECTORS = 20
_AUTHENTICATION, _WIRE = "authentication_configuration", "authenticationConfiguration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkcs12Certificate:
    """A PKCS#12 file in base64 and the password that opens it."""

    pkcs12_value: str
    password: str = ""


async def new_api_connector(situation: Situation, given: Given) -> Change:
    """Add a connector."""
    rest = dict(given)
    authentication = rest.pop(_AUTHENTICATION, None)
    connector = _checked(
        situation,
        ApiConnector(directory_id=situation.directory.id, id=situation.randomness.uuid(), **rest),
    )
    connector = _authenticated(situation, connector, authentication)

    async def write(stores: Stores) -> None:
        if await LISTS.count(stores, None) >= MAX_CONNECTORS:
            message = f"A directory may have {MAX_CONNECTORS} API connectors."
            raise Invalid(Problem("displayName", message))
        await stores.api_connectors.add(connector)

    return Change(connector, write)


async def changed_api_connector(
    situation: Situation, connector: ApiConnector, given: Given
) -> Change:
    """Change a connector; how we prove ourselves is replaced as a whole."""
    rest = dict(given)
    is_given = _AUTHENTICATION in rest
    authentication = rest.pop(_AUTHENTICATION, None)
    changed = _checked(situation, merged(connector, rest))
    if is_given:
        changed = _authenticated(situation, changed, authentication)
    _refuse_to_carry_off(connector, changed)
    return _saving(changed)


async def removed_api_connector(_: Situation, connector: ApiConnector, __: Given) -> Change:
    """Delete a connector that no user flow calls."""

    async def write(stores: Stores) -> None:
        await refuse_in_use(
            stores, "API connector", lambda flow: connector.id in astuple(flow.api_connectors)
        )
        await stores.api_connectors.remove(connector.id)

    return Change(None, write)


async def uploaded_certificate(
    situation: Situation, connector: ApiConnector, given: Given
) -> Change:
    """Prove ourselves with the certificate of a PKCS#12 file, as soon as it is valid."""
    changed = _with_certificate(situation, connector, Pkcs12Certificate(**given))
    before = connector.shown_at(situation.now)
    if before is None or changed.certificates[0].not_before <= situation.now.timestamp():
        return _saving(changed)
    keys = (connector.private_key or "").split()
    present = connector.certificates[keys.index(before)]
    return _saving(
        replace(
            changed,
            certificates=(present, *changed.certificates),
            private_key=f"{before}\n{changed.private_key}",
        )
    )


def _saving(connector: ApiConnector) -> Change:
    async def write(stores: Stores) -> None:
        await stores.api_connectors.save(connector)

    return Change(connector, write)


def _refuse_to_carry_off(before: ApiConnector, after: ApiConnector) -> None:
    """Raise `Invalid` where a secret nobody may read would be shown to another origin."""
    kept = (
        after.password is not None and after.password == before.password,
        after.private_key is not None and after.private_key == before.private_key,
    )
    if any(kept) and origin_of(after.target_url) != origin_of(before.target_url):
        message = f"The property '{_WIRE}' has to be given again with a 'targetUrl' elsewhere."
        raise Invalid(Problem(_WIRE, message))


def _checked(situation: Situation, connector: ApiConnector) -> ApiConnector:
    wrong = web_address_problem(
        connector.target_url,
        is_development=situation.is_development,
        allowed=situation.outbound.allowed,
    )
    if wrong is not None:
        raise Invalid(Problem("targetUrl", f"The value of 'targetUrl' {wrong}"))
    return connector


def _authenticated(
    situation: Situation, connector: ApiConnector, part: Part | None
) -> ApiConnector:
    """Return the connector with another way to prove ourselves.

    A hidden password stays with its user name, and a certificate that is only described.
    """
    without = replace(connector, username=None, password=None, certificates=(), private_key=None)
    if part is None:
        return without
    if part.python is BasicAuthentication:
        return _with_password(situation, connector, without, part.given)
    if part.python is Pkcs12Certificate:
        return _with_certificate(situation, without, part.made())
    if part.python is ClientCertificateAuthentication and connector.certificates:
        return connector
    message = "A certificate is given as a pkcs12Certificate, or uploaded."
    raise Invalid(Problem("authenticationConfiguration", message))


def _with_password(
    situation: Situation, before: ApiConnector, without: ApiConnector, given: Given
) -> ApiConnector:
    password = given.get("password")
    _check_printable(given["username"], "username", forbidden=":")
    _check_printable(password or "", "password")
    sealed = before.password if given["username"] == before.username else None
    if password is not None:
        sealed = situation.sealer.seal(password.encode(), before.place)
    if sealed is None:
        target = "authenticationConfiguration/password"
        raise Invalid(Problem(target, f"The property '{target}' is required."))
    return replace(without, username=given["username"], password=sealed)


def _check_printable(text: str, name: str, *, forbidden: str = "") -> None:
    """Raise `Invalid` for what cannot stand in a header (RFC 7617 §2)."""
    if not text.isprintable() or any(each in text for each in forbidden):
        target = f"authenticationConfiguration/{name}"
        raise Invalid(Problem(target, f"The value of '{target}' has characters it must not have."))


def _with_certificate(
    situation: Situation, connector: ApiConnector, file: Pkcs12Certificate
) -> ApiConnector:
    try:
        found = read_pkcs12(b64decode(file.pkcs12_value, validate=True), file.password)
    except (Unreadable, binascii.Error, ValueError) as error:
        message = "The value of 'pkcs12Value' is no PKCS#12 file that this password opens."
        raise Invalid(Problem("pkcs12Value", message)) from error
    certificate = ClientCertificate(
        thumbprint=found.thumbprint,
        not_before=int(found.not_before.timestamp()),
        not_after=int(found.not_after.timestamp()),
    )
    return replace(
        connector,
        username=None,
        password=None,
        certificates=(certificate,),
        private_key=situation.sealer.seal(found.pem, connector.place),
    )
