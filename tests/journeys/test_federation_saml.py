"""Sign-in through SAML 2.0 providers, and the attacks XML signatures are known for."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from lxml.etree import _Element as Element

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.identity_provider import IdentityProvider, ProviderKind, SamlSettings
from tests.journeys.federation_world import account_from, offer, people_provider
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.saml import (
    ASSERTION,
    ISSUER,
    SIGN_IN,
    SIGNATURE,
    SamlProvider,
    a_certificate,
    read_request,
    sent,
)

PROVIDER, INVALID = "SamlOrWsFed-1", "AADB2C90273"
LOST = "AADB2C90046"


@pytest.fixture(scope="module")
def saml() -> SamlProvider:
    """Return the provider of all tests here."""
    return SamlProvider()


def offered(home: House, certificate: str, protocol: str = "saml", issuer: str = ISSUER) -> None:
    """Let the user flow offer the provider beside another."""
    provider = IdentityProvider(
        directory_id=DirectoryId(home.facts["tenant_id"]),
        id=PROVIDER,
        kind=ProviderKind.SAML,
        identity_provider_type="SamlOrWsFed",
        display_name="Campus",
        saml=SamlSettings(
            issuer_uri=issuer,
            passive_sign_in_uri=SIGN_IN,
            preferred_authentication_protocol=protocol,
            signing_certificate=certificate,
        ),
    )
    offer(home, provider, people_provider(home), flow="signUpOrSignIn")


@pytest.fixture
def campus(home: House, saml: SamlProvider) -> Iterator[House]:
    """Return the house with the provider offered."""
    offered(home, saml.pem)
    yield home
    offer(home, people_provider(home), flow="signUpOrSignIn")


def at_campus(guest: Browser, party: RelyingParty) -> Arrived:
    """Choose the provider and arrive there."""
    return arrival(guest.press(page(guest.open(party.link())), PROVIDER))


def posted(guest: Browser, home: House, form: dict[str, str]) -> Shown | Arrived:
    """Come back the way SAML providers send people."""
    consumer = f"/{home.facts['tenant_domain']}/samlp/sso/assertionconsumer"
    return guest.follow(guest.client.post(consumer, data=form))


@pytest.mark.parametrize("is_response_signed", [False, True])
def test_a_person_comes_from_a_saml_provider_and_comes_again(
    campus: House,
    guest: Browser,
    party: RelyingParty,
    saml: SamlProvider,
    is_response_signed: bool,
) -> None:
    def come(browser: Browser) -> Shown | Arrived:
        at = at_campus(browser, party)
        response = saml.response(at, campus.clock(), name=f"sam-{is_response_signed}")
        sign = saml.sign if is_response_signed else saml.signed_assertion
        return posted(browser, campus, sent(at, sign(response)))

    shown = page(come(guest))
    assert shown.value_of("displayName") == "Sam L"
    assert shown.value_of("email") == "sam@mail.example"
    first = party.claims(arrival(guest.press(shown, "continue")))
    again = party.claims(arrival(come(Browser(campus.new_client()))))
    assert again["sub"] == first["sub"]
    assert account_from(campus, f"sam-{is_response_signed}", ISSUER) is not None


def test_our_request_says_who_asks_and_where_to_answer(
    campus: House, guest: Browser, party: RelyingParty
) -> None:
    at = at_campus(guest, party)
    request = read_request(at)
    base = f"{campus.origin}/{campus.facts['tenant_domain']}/samlp"
    assert at.url.startswith(f"{SIGN_IN}?")
    assert len(at.parameters["RelayState"]) <= 80
    assert request.get("Destination") == SIGN_IN
    assert request.get("AssertionConsumerServiceURL") == f"{base}/sso/assertionconsumer"
    assert request[0].text == f"{base}/metadata"


def test_the_metadata_names_the_tenant_and_its_address(campus: House, guest: Browser) -> None:
    answer = guest.client.get(f"/{campus.facts['tenant_id']}/samlp/metadata")
    root = etree.fromstring(answer.content)
    base = f"{campus.origin}/{campus.facts['tenant_domain']}/samlp"
    assert root.get("entityID") == f"{base}/metadata"
    assert root[0][0].get("Location") == f"{base}/sso/assertionconsumer"
    assert answer.headers["content-type"].startswith("application/samlmetadata+xml")


WRONG_WORDS = {
    "another issuer": {"issuer": "https://elsewhere.example"},
    "another audience": {"audience": "https://elsewhere.example/metadata"},
    "another recipient": {"recipient": "https://elsewhere.example/acs"},
    "another destination": {"destination": "https://elsewhere.example/acs"},
    "another request": {"request": "_another"},
    "no request": {"request": ""},
    "a holder of a key": {"method": "holder-of-key"},
    "a name with a line break": {"name": "a\nb"},
    "expired": {"ends": "2026-03-01T11:00:00Z"},
    "not yet valid": {"begins": "2026-04-01T14:00:00Z"},
    "a time without a zone": {"ends": "2026-04-01T13:00:00"},
    "a time that is none": {"ends": "soon"},
    "expired with the first moment": {"ends": "0001-01-01T00:00:00+14:00"},
    "not valid before the last moment": {"begins": "9999-12-31T23:59:59-14:00"},
    "no success": {"status": "Responder"},
}


@pytest.mark.parametrize("wrong", WRONG_WORDS)
def test_an_assertion_that_says_something_wrong_identifies_nobody(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider, wrong: str
) -> None:
    at = at_campus(guest, party)
    response = saml.response(at, campus.clock(), **WRONG_WORDS[wrong])
    arrived = arrival(posted(guest, campus, sent(at, saml.signed_assertion(response))))
    assert arrived.error_code in {INVALID, "AADB2C90190"}


def test_a_provider_may_name_the_first_and_the_last_moment_there_are(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    at = at_campus(guest, party)
    said = {"begins": "0001-01-01T00:00:00+14:00", "ends": "9999-12-31T23:59:59-14:00"}
    response = saml.response(at, campus.clock(), name="sam-for-ever", **said)
    page(posted(guest, campus, sent(at, saml.signed_assertion(response))))


@pytest.mark.parametrize("name", ["", " "])
def test_a_name_that_is_none_or_does_not_last_identifies_nobody(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider, name: str
) -> None:
    transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
    for said in ({"name": name}, {"format": transient}):
        at = at_campus(guest, party)
        response = saml.signed_assertion(saml.response(at, campus.clock(), **said))
        assert arrival(posted(guest, campus, sent(at, response))).error_code == "AADB2C90190"


def test_who_cancels_at_a_saml_provider_is_said_to_have_cancelled(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    at = at_campus(guest, party)
    response = saml.response(at, campus.clock(), status="RequestDenied")
    arrived = arrival(posted(guest, campus, sent(at, response)))
    assert (arrived.parameters["error"], arrived.error_code) == ("access_denied", INVALID)


Wrap = Callable[[Element], Element]


def _evil(assertion: Element, identifier: str = "_evil") -> Element:
    """Return a copy about somebody else, without the signature."""
    evil = copy.deepcopy(assertion)
    evil.set("ID", identifier)
    for each in evil.findall(SIGNATURE):
        evil.remove(each)
    name = evil.find(".//{urn:oasis:names:tc:SAML:2.0:assertion}NameID")
    assert name is not None
    name.text = "victim"
    return evil


def _parts(response: Element) -> tuple[Element, Element]:
    assertion = response.find(ASSERTION)
    assert assertion is not None
    signature = assertion.find(SIGNATURE)
    assert signature is not None
    return assertion, signature


def _beside(response: Element) -> Element:
    response.append(_evil(_parts(response)[0]))
    return response


def _before(response: Element) -> Element:
    response.insert(0, _evil(_parts(response)[0]))
    return response


def _twin(response: Element) -> Element:
    response.append(_evil(_parts(response)[0], "_a1"))
    return response


def _around(response: Element) -> Element:
    assertion, _ = _parts(response)
    evil = _evil(assertion)
    response.replace(assertion, evil)
    evil.append(assertion)
    return response


def _inside_signature(response: Element) -> Element:
    assertion, signature = _parts(response)
    evil = _evil(assertion)
    response.replace(assertion, evil)
    assertion.remove(signature)
    evil.append(signature)
    thing = etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object")
    thing.append(assertion)
    return response


def _in_extensions(response: Element) -> Element:
    assertion, _ = _parts(response)
    response.replace(assertion, _evil(assertion))
    extensions = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    extensions.append(assertion)
    response.insert(0, extensions)
    return response


def _moved_signature(response: Element) -> Element:
    assertion, signature = _parts(response)
    assertion.remove(signature)
    response.append(signature)
    return response


def _two_signatures(response: Element) -> Element:
    assertion, signature = _parts(response)
    assertion.append(copy.deepcopy(signature))
    return response


def _changed(response: Element) -> Element:
    name = response.find(".//{urn:oasis:names:tc:SAML:2.0:assertion}NameID")
    assert name is not None
    name.text = "victim"
    return response


def _unsigned(response: Element) -> Element:
    assertion, signature = _parts(response)
    assertion.remove(signature)
    return response


def _without_reference(response: Element) -> Element:
    signature = _parts(response)[1]
    reference = signature.find(".//{http://www.w3.org/2000/09/xmldsig#}Reference")
    assert reference is not None
    reference.set("URI", "")
    return response


def _with_xslt(response: Element) -> Element:
    transform = response.find(".//{http://www.w3.org/2000/09/xmldsig#}Transform")
    assert transform is not None
    transform.set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
    return response


WRAPPINGS: dict[str, Wrap] = {
    "a second assertion behind": _beside,
    "a second assertion before": _before,
    "a second assertion of the same name": _twin,
    "the signed one inside another": _around,
    "the signed one inside the signature": _inside_signature,
    "the signed one in extensions": _in_extensions,
    "the signature moved": _moved_signature,
    "two signatures": _two_signatures,
    "another name": _changed,
    "no signature": _unsigned,
    "a reference to everything": _without_reference,
    "a transformation": _with_xslt,
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_nothing_but_the_signed_assertion_is_believed(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider, wrapping: str
) -> None:
    at = at_campus(guest, party)
    response = WRAPPINGS[wrapping](saml.signed_assertion(saml.response(at, campus.clock())))
    arrived = arrival(posted(guest, campus, sent(at, response)))
    assert arrived.error_code == INVALID
    assert account_from(campus, "victim", ISSUER) is None


def _commented(octets: bytes) -> bytes:
    return octets.replace(b">sam-1<", b">sam<!-- -->-1<")


def _typed(octets: bytes) -> bytes:
    return b'<!DOCTYPE r [<!ENTITY a "sam-1">]>' + octets.replace(b">sam-1<", b">&a;<")


def _laughing(octets: bytes) -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY l0 "ha">{lines}]>'.encode() + octets


def _outside(octets: bytes) -> bytes:
    return b'<!DOCTYPE r SYSTEM "https://evil.example/x.dtd">' + octets


def _with_namespace(name: str) -> Callable[[bytes], bytes]:
    """Declare a namespace the canonical form has no place for."""
    declared = f' xmlns:evil="{name}" evil:a="" ID="_a1"'.encode()
    return lambda octets: octets.replace(b' ID="_a1"', declared)


AMBIGUOUS: dict[str, Callable[[bytes], bytes]] = {
    "a comment in a name": _commented,
    "an entity": _typed,
    "a billion laughs": _laughing,
    "a document type elsewhere": _outside,
    "an instruction": lambda octets: b"<?evil?>" + octets,
    "another encoding": lambda octets: octets.decode().encode("utf-16"),
    "a relative namespace": _with_namespace("evil"),
    "a namespace that is no address": _with_namespace("http://[evil"),
    "half of it": lambda octets: octets[:-20],
    "nothing": lambda _octets: b"",
    "a deep hole": lambda _octets: b"<a>" * 1000 + b"</a>" * 1000,
}


@pytest.mark.parametrize("ambiguity", AMBIGUOUS)
def test_xml_that_could_mean_two_things_is_not_read(
    campus: House,
    guest: Browser,
    party: RelyingParty,
    saml: SamlProvider,
    ambiguity: str,
) -> None:
    at = at_campus(guest, party)
    response = saml.signed_assertion(saml.response(at, campus.clock()))
    arrived = arrival(posted(guest, campus, sent(at, response, AMBIGUOUS[ambiguity])))
    assert arrived.error_code == INVALID


def test_a_strangers_key_is_refused_whatever_certificate_it_brings(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    at = at_campus(guest, party)
    stranger = rsa.generate_private_key(65537, 2048)
    response = saml.signed_assertion(saml.response(at, campus.clock()), key=stranger)
    assert arrival(posted(guest, campus, sent(at, response))).error_code == INVALID


def test_a_certificate_that_is_not_valid_now_or_is_none_identifies_nobody(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    old, early = (
        a_certificate(saml.key, **dates).public_bytes(Encoding.PEM).decode()
        for dates in ({"ends": timedelta(days=-1)}, {"begins": timedelta(days=1)})
    )
    for certificate, code in ((old, INVALID), (early, INVALID), ("AAAA", "AADB2C90243")):
        offered(campus, certificate)
        at = at_campus(guest, party)
        response = saml.signed_assertion(saml.response(at, campus.clock()))
        assert arrival(posted(guest, campus, sent(at, response))).error_code == code


def test_while_a_provider_changes_its_key_both_certificates_count_and_no_other(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    coming, stranger = SamlProvider(), SamlProvider()
    over = a_certificate(stranger.key, ends=timedelta(days=-1)).public_bytes(Encoding.PEM).decode()
    offered(campus, saml.pem + over + coming.pem)
    for number, signer in enumerate((saml, coming, stranger)):
        at, name = at_campus(guest, party), f"both-{number}"
        response = signer.signed_assertion(signer.response(at, campus.clock(), name=name))
        come = posted(guest, campus, sent(at, response))
        if signer is stranger:
            assert arrival(come).error_code == INVALID
        else:
            assert page(come).value_of("displayName") == "Sam L"


def test_an_answer_counts_once_in_the_browser_that_asked(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    at = at_campus(guest, party)
    form = sent(at, saml.signed_assertion(saml.response(at, campus.clock(), name="once-1")))
    stranger = Browser(campus.new_client())
    stranger.open(party.link())
    assert LOST in page(posted(stranger, campus, form)).text
    shown = page(posted(guest, campus, form))
    assert "displayName" in page(posted(guest, campus, form))
    arrival(guest.press(shown, "continue"))
    assert LOST in page(posted(guest, campus, form)).text
    later = at_campus(stranger, party)
    replayed = {**form, "RelayState": later.parameters["RelayState"]}
    assert arrival(posted(stranger, campus, replayed)).error_code == INVALID


def test_nobody_arrives_without_having_left(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    at = at_campus(guest, party)
    form = sent(at, saml.signed_assertion(saml.response(at, campus.clock())))
    for state in ("", "https://evil.example/", "A" * 80):
        assert LOST in page(posted(guest, campus, {**form, "RelayState": state})).text


def test_a_saml_answer_is_nothing_to_an_openid_departure(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    at = at_campus(guest, party)
    form = sent(at, saml.signed_assertion(saml.response(at, campus.clock())))
    first = page(guest.open(party.link()))
    arrival(guest.press(first, "OIDC-V1-People-1"))
    callback = f"/{campus.facts['tenant_domain']}/oauth2/authresp"
    assert LOST in page(guest.follow(guest.client.post(callback, data=form))).text


def test_a_provider_of_ws_federation_is_not_offered(
    campus: House, guest: Browser, party: RelyingParty, saml: SamlProvider
) -> None:
    offered(campus, saml.pem, protocol="wsFed")
    assert PROVIDER not in page(guest.open(party.link()))


@pytest.mark.parametrize("is_met_late", [False, True])
def test_a_provider_that_names_itself_as_the_directory_speaks_for_no_local_account(
    campus: House,
    guest: Browser,
    party: RelyingParty,
    saml: SamlProvider,
    monkeypatch: pytest.MonkeyPatch,
    is_met_late: bool,
) -> None:
    domain, user = campus.facts["tenant_domain"], campus.facts["users"][0]
    offered(campus, saml.pem, issuer=domain)
    name = user["email"]
    victim = campus.stores(lambda stores: stores.accounts.get(user["object_id"]))
    assert victim is not None
    if is_met_late:
        campus.stores(lambda stores: stores.accounts.save(replace(victim, identities=())))
    at = at_campus(guest, party)
    response = saml.response(at, campus.clock(), name=name, issuer=domain)
    come = posted(guest, campus, sent(at, saml.signed_assertion(response)))
    if is_met_late:
        now = campus.stores(lambda stores: stores.accounts.require(victim.id))
        again = replace(now, identities=victim.identities)
        campus.stores(lambda stores: stores.accounts.save(again))
        come = guest.press(page(come), "continue")
    arrived = arrival(come)
    assert arrived.error_code == "AADB2C90001", arrived.parameters
    assert "code" not in arrived.parameters
    assert campus.stores(lambda stores: stores.accounts.get(victim.id)) is not None
