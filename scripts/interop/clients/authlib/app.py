"""Authlib's Flask client: discovery, PKCE, nonce, userinfo and refresh."""

import os

from authlib.integrations.flask_client import OAuth
from flask import Flask, jsonify

port = int(os.environ["PORT"])
app = Flask(__name__)
app.secret_key = "only for this run"
doorward = OAuth(app).register(
    "doorward",
    server_metadata_url=f"{os.environ['ISSUER']}/.well-known/openid-configuration",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    client_kwargs={"scope": "openid profile email groups roles", "code_challenge_method": "S256"},
)


@app.get("/login")
def login():
    return doorward.authorize_redirect(f"http://127.0.0.1:{port}/callback")


@app.get("/callback")
def callback():
    token = doorward.authorize_access_token()
    doorward.load_server_metadata()
    refreshed = doorward.fetch_access_token(
        grant_type="refresh_token", refresh_token=token["refresh_token"], redirect_uri=None
    )
    info = doorward.userinfo(token=refreshed)
    assert info["sub"] == token["userinfo"]["sub"]
    return jsonify(info)


@app.get("/ready")
def ready():
    return "ready"


app.run("127.0.0.1", port)
