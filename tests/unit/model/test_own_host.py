"""The setting that gives hosts to directories."""

import pytest

from gatelodge.app.own_hosts import check_own_hosts, own_hosts_of
from gatelodge.errors import Invalid
from gatelodge.model.own_host import read_own_hosts
from gatelodge.settings import Settings
from gatelodge.storage.opening import open_database


def settings(own_hosts: str) -> Settings:
    return Settings(
        public_url="https://login.example:8443",
        database="sqlite:///x",
        key_file="key",
        own_hosts=own_hosts,
    )


def test_a_host_is_found_whatever_its_case_and_port() -> None:
    hosts = read_own_hosts("Login.Contoso.com=Contoso.example, a.b.example:9443 = 1-2-3")
    first, second = hosts
    assert (first.name, first.origin) == ("login.contoso.com", "https://login.contoso.com")
    assert (second.origin, second.directory) == ("https://a.b.example:9443", "1-2-3")
    assert hosts.asked("LOGIN.contoso.com:443") is first
    assert hosts.asked("contoso.com") is None


def test_the_port_browsers_leave_out_is_no_part_of_the_origin() -> None:
    assert [each.origin for each in read_own_hosts("a.example:443=x")] == ["https://a.example"]


@pytest.mark.parametrize(
    "text",
    [
        "login.contoso.com",
        "login.contoso.com=",
        "=contoso.example",
        "localhost=contoso.example",
        "127.0.0.1=contoso.example",
        "[::1]=contoso.example",
        "https://login.contoso.com=contoso.example",
        "*.contoso.com=contoso.example",
        "login.contoso.com/x=contoso.example",
        "-a.example=contoso.example",
        "a.example=one.example,A.example:8443=two.example",
        "login.example=contoso.example",
        "a.example:65536=one.example",
        "a.example:08443=one.example",
        "a.example:=one.example",
    ],
)
def test_what_is_no_host_of_one_directory_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="own_hosts"):
        own_hosts_of(settings(text))


async def test_a_directory_that_does_not_exist_has_no_host(database_url: str) -> None:
    database = await open_database(database_url)
    try:
        await check_own_hosts(database, own_hosts_of(settings("")))
        with pytest.raises(Invalid, match="no directory"):
            await check_own_hosts(database, own_hosts_of(settings("a.example=nobody.example")))
    finally:
        await database.close()
