"""Doorward gives people accounts in scim2-server, changes, disables and reconciles them. Ends with 1 on the first difference."""
import base64
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ISSUER = os.environ["ISSUER"]
PORT = os.environ["PORT"]
THERE = f"http://127.0.0.1:{PORT}"
TOKEN = "interop-token-of-nobody"


def call(method, url, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/scim+json" if url.startswith(THERE) else "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def admin_token():
    pair = f"{os.environ['CLIENT_ID']}:{os.environ['CLIENT_SECRET']}"
    request = urllib.request.Request(
        f"{ISSUER}/token",
        data=urllib.parse.urlencode({"grant_type": "client_credentials", "resource": "urn:doorward:admin"}).encode(),
        headers={"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())["access_token"]


def until(ask, is_wanted, what):
    deadline = time.monotonic() + 20
    while True:
        answer = ask()
        if is_wanted(answer):
            return answer
        if time.monotonic() > deadline:
            sys.exit(f"{what}: {json.dumps(answer)[:500]}")
        time.sleep(0.1)


def accounts(user_id):
    query = urllib.parse.urlencode({"filter": f'externalId eq "{user_id}"'})
    return call("GET", f"{THERE}/v2/Users?{query}", TOKEN).get("Resources") or []


def is_up():
    try:
        call("GET", f"{THERE}/v2/ServiceProviderConfig", TOKEN)
        return True
    except (urllib.error.URLError, ConnectionError):
        return False


def check():
    token = admin_token()
    admin = lambda method, path, body=None: call(method, f"{ISSUER}/admin/v1{path}", token, body)
    unique = str(time.time_ns())
    group = admin("POST", "/groups", {"displayName": f"scim2-server {unique}"})["id"]
    target = admin("POST", "/provisioning-targets", {
        "name": "scim2-server",
        "baseUrl": f"{THERE}/v2",
        "authentication": {"type": "bearer", "token": TOKEN},
        "groupId": group,
    })["id"]
    people = [
        admin("POST", "/users", {
            "userName": f"scim2-{number}-{unique}@example.com",
            "displayName": f"Person {number}",
            "name": {"givenName": "Person", "familyName": str(number)},
            "emails": [{"value": f"scim2-{number}-{unique}@example.com", "type": "work", "primary": True}],
        })["id"]
        for number in range(3)
    ]
    admin("POST", f"/groups/{group}/members", {"members": [{"value": person} for person in people]})
    for person in people:
        until(lambda: accounts(person), lambda found: len(found) == 1 and found[0]["active"], "an account is made")
    admin("PATCH", f"/users/{people[0]}", {"displayName": "Changed", "name": {"familyName": "Leigh"}})
    until(lambda: accounts(people[0]), lambda found: found[0]["displayName"] == "Changed" and found[0]["name"]["familyName"] == "Leigh", "a change arrives")
    admin("DELETE", f"/groups/{group}/members/{people[1]}")
    until(lambda: accounts(people[1]), lambda found: found[0]["active"] is False, "an account is disabled")
    # Behind Doorward's back.
    call("DELETE", f"{THERE}/v2/Users/{accounts(people[2])[0]['id']}", TOKEN)
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{"op": "replace", "path": "displayName", "value": "Drifted"}]}
    call("PATCH", f"{THERE}/v2/Users/{accounts(people[0])[0]['id']}", TOKEN, patch)
    orphan = call("POST", f"{THERE}/v2/Users", TOKEN,
                  {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "orphan"})["id"]
    path = f"/provisioning-targets/{target}/reconciliations"
    started = admin("POST", path, {})["id"]
    report = until(lambda: admin("GET", f"{path}/{started}"), lambda found: found["state"] != "running", "it ends")
    wanted = {"orphan": 1, "missing": 1, "drift": 1, "matched": 1}
    if report["counts"] != wanted:
        sys.exit(f"reconciliation: {json.dumps(report)}")
    until(lambda: accounts(people[2]), lambda found: len(found) == 1, "what was missing is made")
    until(lambda: accounts(people[0]), lambda found: found[0]["displayName"] == "Changed", "what drifted is put right")
    if call("GET", f"{THERE}/v2/Users/{orphan}", TOKEN)["userName"] != "orphan":
        sys.exit("the orphan was touched")
    print("made, changed, disabled, reconciled")


server = subprocess.Popen(["venv/bin/scim2-server", "--port", PORT, "--bearer-token", TOKEN],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    until(is_up, bool, "scim2-server starts")
    check()
finally:
    server.terminate()
    server.wait()
