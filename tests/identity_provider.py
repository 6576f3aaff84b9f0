"""A small identity provider on this machine: what a city runs, as far as signing in needs it – and with its faults."""

import secrets
import socket
import threading
import time
from base64 import b64decode
from urllib.parse import parse_qs, unquote_plus, urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "werdegang", "ein Geheimnis: mit Zeichen, 100 %+ä"


class CityProvider:
    """Vouches for `subject`, or does what `fault` says instead."""

    def __init__(self):
        self.subject, self.fault, self.claims = "person-1", None, {}
        self.now = time.time
        self.codes = {}
        self.asked = []
        self.key = RSAKey.generate_key(2048, {"kid": "eins"})
        app = FastAPI()
        app.add_api_route("/.well-known/openid-configuration", self.configuration)
        app.add_api_route("/keys", lambda: {"keys": [self.key.as_dict(private=False)]})
        app.add_api_route("/authorize", self.authorize)
        app.add_api_route("/token", self.token, methods=["POST"])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.issuer = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._running = uvicorn.Server(uvicorn.Config(app, log_config=None))
        self._thread = threading.Thread(target=self._running.run, kwargs={"sockets": [self._listening]})
        self._thread.start()

    def close(self):
        self._running.should_exit = True
        self._thread.join()
        self._listening.close()

    def change_key(self):
        self.key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})

    def configuration(self):
        return {
            "issuer": "http://127.0.0.1:1" if self.fault == "another issuer" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def authorize(self, request: Request):
        asked = dict(request.query_params)
        self.asked.append(asked)
        assert (asked["client_id"], asked["response_type"], asked["scope"]) == (CLIENT, "code", "openid")
        assert asked["code_challenge_method"] == "S256"
        if self.fault == "refused consent":
            answer = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            answer = {"code": code, "state": asked["state"]}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)

    async def token(self, request: Request):
        given = {name: value for name, (value,) in parse_qs((await request.body()).decode()).items()}
        scheme, _, encoded = request.headers["authorization"].partition(" ")
        client, _, secret = b64decode(encoded).decode().partition(":")
        assert (scheme, unquote_plus(client)) == ("Basic", CLIENT)
        assert unquote_plus(secret) == SECRET
        asked = self.codes.pop(given["code"], None)  # a code counts once
        if asked is None or create_s256_code_challenge(given["code_verifier"]) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if asked["redirect_uri"] != given["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "name": "Erika Mustermann",
            "email": "erika@stadt.example",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = RSAKey.generate_key(2048, {"kid": "eins"}) if self.fault == "forged signature" else self.key
        token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
        if self.fault == "no signature":
            token = f"eyJhbGciOiJub25lIn0.{token.split('.')[1]}."
        if self.fault == "no token":
            return {"access_token": "x", "token_type": "Bearer"}
        return {"access_token": "x", "token_type": "Bearer", "id_token": token}
