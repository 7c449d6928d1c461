"""Stands in for the reader's browser: `python -m tests.documentation.tutorial_person URL`.

Signs up at the address MSAL opens, with the code from the development inbox, and carries the
answer to the loopback port MSAL listens on.
"""

import json
import os
import ssl
import sys
from pathlib import Path

import httpx

from tests.world.browser import Arrived, Browser, arrival, page

ADDRESS = "you@people.example"
PASSWORD = "Amber-Lantern-64"
CONTROL = "emailVerificationControl_but_"


def main(url: str) -> None:
    """Do what section 5 of the tutorial tells the reader to do."""
    dev = json.loads(Path(os.environ["DEV_JSON"]).read_text())
    trusted = ssl.create_default_context(cafile=dev["ca_file"])
    with httpx.Client(base_url=dev["origin"], verify=trusted, timeout=60) as client:
        _deliver(client, _sign_up(Browser(client), client, url))


def _sign_up(browser: Browser, client: httpx.Client, url: str) -> Arrived:
    shown = page(browser.press(page(browser.open(url)), "createAccount"))
    shown = page(browser.press(shown, f"{CONTROL}send_code", email=ADDRESS))
    query: dict[str, str | int] = {"to": ADDRESS, "wait_s": 30}
    code = client.get("/_dev/messages", params=query).json()[0]["code"]
    shown = page(browser.press(shown, f"{CONTROL}verify_code", emailVerificationCode=code))
    answers = {"newPassword": PASSWORD, "reenterPassword": PASSWORD, "givenName": "Robin"}
    return arrival(browser.press(shown, "continue", **answers))


def _deliver(client: httpx.Client, arrived: Arrived) -> None:
    if arrived.method == "POST":
        client.post(arrived.url, data=dict(arrived.parameters))
    else:
        client.get(arrived.url)


if __name__ == "__main__":
    main(sys.argv[1])
