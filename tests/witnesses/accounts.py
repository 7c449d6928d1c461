"""Accounts that belong to one test, made through Graph."""

from dataclasses import dataclass

from tests.witnesses.graph import bearer
from tests.witnesses.people import PASSWORD, a_new_address
from tests.world.server import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account."""

    object_id: str
    email: str
    display_name: str
    password: str = PASSWORD


def a_person(server: Server, display_name: str = "Iris Tal") -> Person:
    """Create an account and return who it belongs to."""
    address = a_new_address("person")
    identity = {
        "signInType": "emailAddress",
        "issuer": server.facts["tenant_domain"],
        "issuerAssignedId": address,
    }
    body = {
        "displayName": display_name,
        "identities": [identity],
        "passwordProfile": {"password": PASSWORD, "forceChangePasswordNextSignIn": False},
        "passwordPolicies": "DisablePasswordExpiration",
    }
    answer = server.client.post(
        f"{server.facts['graph']['beta']}/users", json=body, headers=bearer(server)
    )
    assert answer.status_code == 201, answer.text
    return Person(object_id=answer.json()["id"], email=address, display_name=display_name)
