"""What the doctor says of identity providers that had better not be offered together."""

import pytest

from gatelodge.app.operating import examine
from gatelodge.settings import Settings
from tests.journeys.federation_world import PEOPLE, offer, people_provider, preset_provider
from tests.world.house import House

FLOW = "signUpOrSignIn"


@pytest.mark.parametrize(
    ("kind", "is_beside_own", "is_weak"),
    [("LinkedIn", True, True), ("LinkedIn", False, False), ("GitHub", True, False)],
)
def test_the_doctor_names_a_user_flow_whose_providers_could_be_mixed_up(
    home: House, kind: str, is_beside_own: bool, is_weak: bool
) -> None:
    known = preset_provider(home, kind, f"{kind}-OAUTH")
    own = (people_provider(home),) if is_beside_own else ()
    offer(home, known, *own, flow=FLOW)
    settings = Settings(public_url="", database=home.database_url, key_file="", hash_memory_kib=64)

    async def said() -> list[str]:
        return [each async for each in examine(settings)]

    named = [each for each in home.run(said()) if home.facts["user_flows"][FLOW] in each]
    assert bool(named) is is_weak
    assert all(each.startswith("weak: ") and PEOPLE in each for each in named)
