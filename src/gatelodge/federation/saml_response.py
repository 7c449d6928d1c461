"""Who the assertion of a SAML provider says that a person is (SAML 2.0 Profiles §4.1.4)."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml.etree import _Element as Element

from gatelodge.federation.arrival import Identified
from gatelodge.federation.id_token import SKEW_S, is_subject
from gatelodge.federation.mapping import attributes_of
from gatelodge.federation.saml_request import OwnEntity
from gatelodge.federation.saml_signature import certificates_of, signed_assertion
from gatelodge.federation.saml_xml import (
    PROTOCOL,
    children,
    invalid,
    only_child,
    read_xml,
    text_of,
)
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.model.identity_provider import ClaimsMapping, SamlSettings

_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_DENIED = frozenset(
    f"urn:oasis:names:tc:SAML:2.0:status:{each}"
    for each in ("AuthnFailed", "RequestDenied", "NoAuthnContext")
)
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_SKEW = timedelta(seconds=SKEW_S)
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_NAMES: Mapping[str, str] = {
    **dict.fromkeys(("displayName", "urn:oid:2.16.840.1.113730.3.1.241"), "name"),
    **dict.fromkeys(
        (f"{_CLAIMS}name", "http://schemas.microsoft.com/identity/claims/displayname"), "name"
    ),
    **dict.fromkeys(("givenName", "firstName", "urn:oid:2.5.4.42"), "given_name"),
    f"{_CLAIMS}givenname": "given_name",
    **dict.fromkeys(("sn", "surname", "lastName", "urn:oid:2.5.4.4"), "family_name"),
    f"{_CLAIMS}surname": "family_name",
    **dict.fromkeys(("mail", "email", "urn:oid:0.9.2342.19200300.100.1.3"), "email"),
    f"{_CLAIMS}emailaddress": "email",
}
"""What providers call the attributes we take."""

_MAPPING = ClaimsMapping(
    user_id="sub",
    display_name="name",
    given_name="given_name",
    surname="family_name",
    email="email",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Who the person is, and which request of ours the provider answered."""

    identified: Identified
    in_response_to: str


def identified_by(settings: SamlSettings, encoded: str, own: OwnEntity, now: datetime) -> Answered:
    """Return what a response proves. Raises `NotIdentified` for everything it does not."""
    if settings.signing_certificate is None:
        raise NotIdentified(Trouble.MISCONFIGURED, "there is no certificate")
    root = read_xml(_decoded(encoded))
    if root.get("Destination", own.consumer_url) != own.consumer_url:
        raise invalid("it was sent elsewhere")
    _judge_status(root)
    assertion = signed_assertion(root, certificates_of(settings.signing_certificate), now)
    if text_of(only_child(assertion, "Issuer")) != settings.issuer_uri:
        raise invalid("another provider issued it")
    _judge_conditions(assertion, own, now)
    if not children(assertion, "AuthnStatement"):
        raise invalid("it does not say that anybody signed in")
    subject = only_child(assertion, "Subject")
    in_response_to = _confirmed(subject, own, now)
    return Answered(
        identified=Identified(
            issuer=settings.issuer_uri,
            subject=_name_of(subject),
            attributes=attributes_of(_attributes(assertion), _MAPPING),
        ),
        in_response_to=in_response_to,
    )


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except ValueError as error:
        raise invalid("it is no base64") from error


def _judge_status(root: Element) -> None:
    status = only_child(only_child(root, "Status", PROTOCOL), "StatusCode", PROTOCOL)
    if status.get("Value") == _SUCCESS:
        return
    further = {each.get("Value") for each in status.iter()}
    trouble = Trouble.DENIED if further & _DENIED else Trouble.INVALID_ANSWER
    raise NotIdentified(trouble, "the provider did not sign the person in")


def _judge_conditions(assertion: Element, own: OwnEntity, now: datetime) -> None:
    conditions = only_child(assertion, "Conditions")
    _judge_times(conditions, now)
    restrictions = children(conditions, "AudienceRestriction")
    if not restrictions:
        raise invalid("it is for anybody")
    for each in restrictions:
        if own.entity_id not in [text_of(audience) for audience in children(each, "Audience")]:
            raise invalid("it is for somebody else")


def _judge_times(element: Element, now: datetime) -> None:
    ends, begins = element.get("NotOnOrAfter"), element.get("NotBefore")
    if ends is None or now - _SKEW >= _moment(ends):
        raise invalid("it has expired, or never does")
    if begins is not None and now + _SKEW < _moment(begins):
        raise invalid("it is of the future")


def _moment(text: str) -> datetime:
    """Return a moment as it was said: the first and the last there are cannot be moved."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid("a time is malformed") from error
    if moment.tzinfo is None:
        raise invalid("a time has no zone")
    return moment


def _confirmed(subject: Element, own: OwnEntity, now: datetime) -> str:
    """Return the request the assertion answers; who carries it here is then who it is about."""
    confirmation = only_child(subject, "SubjectConfirmation")
    if confirmation.get("Method") != _BEARER:
        raise invalid("it is confirmed in a way we do not know")
    data = only_child(confirmation, "SubjectConfirmationData")
    if data.get("Recipient") != own.consumer_url:
        raise invalid("it was meant for another address")
    _judge_times(data, now)
    answered = data.get("InResponseTo")
    if not answered:
        raise invalid("nobody asked for it")
    return str(answered)


def _name_of(subject: Element) -> str:
    identifier = only_child(subject, "NameID")
    value = text_of(identifier)
    if identifier.get("Format") == _TRANSIENT or not is_subject(value):
        raise NotIdentified(Trouble.NOTHING_SAID, "no name that lasts")
    return value


def _attributes(assertion: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement in children(assertion, "AttributeStatement"):
        for each in children(statement, "Attribute"):
            claim = _NAMES.get(each.get("Name", ""))
            values = children(each, "AttributeValue")
            if claim is not None and len(values) == 1 and not len(values[0]):
                found.setdefault(claim, text_of(values[0]))
    return found
