"""Signing keys: published first, used later, void at once only in an emergency."""

from joserfc import jws

from tests.world.installation import Installation, ask_token

KEYS = "/acme.example/discovery/v2.0/keys"


def published(installation: Installation) -> list[str]:
    with installation.serving() as serving, serving.client() as client:
        return [key["kid"] for key in client.get(KEYS).json()["keys"]]


def signing(installation: Installation, said: str) -> str:
    with installation.serving() as serving, serving.client() as client:
        issued = ask_token(client, said).json()["access_token"]
    return str(jws.extract_compact(issued.encode()).headers()["kid"])


def test_a_new_key_is_published_before_it_signs(installation: Installation) -> None:
    said = installation.set_up()
    before = signing(installation, said)
    assert installation.run("rotate-keys").returncode == 0
    assert len(published(installation)) == 2
    assert signing(installation, said) == before


def test_a_second_rotation_waits_for_the_first(installation: Installation) -> None:
    installation.set_up()
    installation.run("rotate-keys")
    again = installation.run("rotate-keys")
    assert again.returncode == 1
    assert "waiting" in again.stderr
    assert len(published(installation)) == 2


def test_in_an_emergency_only_the_new_key_is_left(installation: Installation) -> None:
    said = installation.set_up()
    before = published(installation)
    installation.run("rotate-keys")
    assert installation.run("rotate-keys", "--now").returncode == 0
    (left,) = published(installation)
    assert left not in before
    assert signing(installation, said) == left


def test_the_algorithm_can_be_changed(installation: Installation) -> None:
    said = installation.set_up()
    assert installation.run("rotate-keys", "--algorithm", "none").returncode == 2
    assert installation.run("rotate-keys", "--now", "--algorithm", "ES256").returncode == 0
    with installation.serving() as serving, serving.client() as client:
        issued = ask_token(client, said).json()["access_token"]
    assert jws.extract_compact(issued.encode()).headers()["alg"] == "ES256"
