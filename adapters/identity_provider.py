"""Asking the city's identity provider who somebody is: OpenID Connect, authorization code with PKCE.

Of its answer nothing is taken but the subject. State, nonce and verifier all follow from one secret that stands in a
cookie of the browser alone: an answer that belongs to another browser, or to none, fits nothing here.

Whoever asks for it lets us wait for the provider, strangers too. Therefore few wait for it at once, nobody waits for
long, and what did not answer just now is not asked again at once: the rest of the program never stands still for it.
"""

import hmac
import json
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any, Final
from urllib.parse import quote_plus

from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.auth import ClientAuth, encode_client_secret_basic
from httpx2 import Client, HTTPError, InvalidURL, TransportError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from adapters.database import now
from adapters.settings import Provider
from domain.errors import Refused, refused

SECONDS: Final = 5
"""How long the provider may take for one answer, and for all that it says about itself."""

DISCOVERED_FOR: Final = timedelta(hours=1)
"""How long its addresses and keys are known without asking again."""

FAILED_FOR: Final = timedelta(seconds=30)
"""How long it is not asked again after it did not answer, or said what cannot be."""

AT_ONCE: Final = 4
"""How many sign-ins may wait for its answer at once. Whoever comes then is told at once that there is no room."""

MOST_BYTES: Final = 1_000_000
"""So much it may say about itself."""

LEEWAY: Final = timedelta(minutes=1)
"""How far the clocks of two machines may differ."""

ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""How it may sign: with a key of its own, never with the secret that it shares with us."""

ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class IdentityProvider:
    """The provider, as it describes itself."""

    def __init__(self, provider: Provider, clock: Callable[[], datetime] = now) -> None:
        self.issuer = provider.issuer
        self.name = provider.name
        self._provider = provider
        self._clock = clock
        self._asking = Lock()
        self._room = BoundedSemaphore(AT_ONCE)
        self._known: tuple[datetime, dict[str, Any], Any] | None = None
        self._failed: tuple[datetime, Refused] | None = None

    def address(self, secret: str, back: str, next_: str) -> str:
        """Where the browser goes to sign in there; it comes back to `back` with an answer."""
        metadata, _ = self._discovered()
        client = self._client(back, metadata)
        with client:
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=_state(secret, next_),
                nonce=_derived(secret, "nonce"),
                code_verifier=_derived(secret, "verifier"),
                response_type="code",
                scope="openid",
            )
        return str(address)

    def subject(self, secret: str, back: str, answer: dict[str, str]) -> tuple[str, str]:
        """Whom the provider vouches for, and where they wanted to go. Refused unless all of the answer fits."""
        next_ = _next_of(answer.get("state", ""))
        if next_ is None or not _same(answer.get("state", ""), _state(secret, next_)):
            raise refused("identity-state")
        if answer.get("iss", self.issuer) != self.issuer:  # RFC 9207: the answer of another provider
            raise refused("identity-invalid")
        if "error" in answer or not answer.get("code"):
            raise refused("identity-refused")
        metadata, _ = self._discovered()
        try:
            with self._talking(), self._client(back, metadata) as client:
                tokens = client.fetch_token(
                    metadata["token_endpoint"],
                    code=answer["code"],
                    code_verifier=_derived(secret, "verifier"),
                    grant_type="authorization_code",
                )
        except OAuthError as error:
            raise refused("identity-refused") from error
        except (HTTPError, InvalidURL) as error:
            raise refused("identity-unreachable") from error
        except ValueError as error:  # no JSON
            raise refused("identity-invalid") from error
        return self._vouched(tokens.get("id_token") if isinstance(tokens, dict) else None, secret), next_

    def _client(self, back: str, metadata: dict[str, Any]) -> OAuth2Client:
        """We speak as the provider wants to be spoken to; without a secret, PKCE is what binds code and client."""
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = "client_secret_basic" in methods
        method = "none" if self._provider.secret is None else _basic if basic else "client_secret_post"
        return OAuth2Client(
            self._provider.client_id,
            self._provider.secret,
            token_endpoint_auth_method=method,
            code_challenge_method="S256",
            redirect_uri=back,
            timeout=SECONDS,
            trust_env=False,
            verify=self._trusted,
        )

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The authorities that this machine trusts, also one of the city's own; to read them takes long."""
        return ssl.create_default_context()

    def _vouched(self, token: object, secret: str) -> str:
        """The subject of a token that is signed by the provider, for us, now, and for this very sign-in."""
        if not isinstance(token, str):
            raise refused("identity-invalid")
        try:
            claims = self._decoded(token)
            registry = jwt.JWTClaimsRegistry(
                now=int(self._clock().timestamp()),
                leeway=int(LEEWAY.total_seconds()),
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self._provider.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": _derived(secret, "nonce")},
            )
            registry.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise refused("identity-invalid") from error
        audience, subject = claims["aud"], claims["sub"]
        for_others = isinstance(audience, list) and len(audience) > 1
        if claims.get("azp", None if for_others else self._provider.client_id) != self._provider.client_id:
            raise refused("identity-invalid")
        if not isinstance(subject, str) or not subject.strip() or not subject.isprintable():
            raise refused("identity-invalid")
        return subject

    def _decoded(self, token: str) -> dict[str, Any]:
        _, keys = self._discovered()
        try:
            return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError):  # it may sign with a new key by now
            _, keys = self._discovered(anew=True)
            return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)

    def _discovered(self, *, anew: bool = False) -> tuple[dict[str, Any], Any]:
        """Its addresses and keys. One asks for them; who comes meanwhile takes what was known before."""
        known = self._known
        if known is not None and not anew and self._clock() < known[0]:
            return known[1], known[2]
        if not self._asking.acquire(blocking=False):
            if known is None:
                raise refused("sign-in-busy")
            return known[1], known[2]
        try:
            with self._talking():
                metadata, keys = self._asked()
            self._known = self._clock() + DISCOVERED_FOR, metadata, keys
        finally:
            self._asking.release()
        return metadata, keys

    def _asked(self) -> tuple[dict[str, Any], Any]:
        """What it says about itself. It must call itself what our setting calls it."""
        until = monotonic() + SECONDS
        try:
            with Client(trust_env=False, verify=self._trusted) as client:
                metadata = _told(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration", until)
                if metadata["issuer"] != self.issuer or not all(self._safe(metadata[name]) for name in ENDPOINTS):
                    raise refused("identity-invalid")
                return metadata, KeySet.import_key_set(_told(client, metadata["jwks_uri"], until))
        except (HTTPError, InvalidURL, TimeoutError) as error:
            raise refused("identity-unreachable") from error
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise refused("identity-invalid") from error

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """A turn to wait for the provider; refused at once where it has just failed, or where all turns are taken."""
        failed = self._failed
        if failed is not None and self._clock() < failed[0]:
            raise Refused(*failed[1].refusals)
        if not self._room.acquire(blocking=False):
            raise refused("sign-in-busy")
        try:
            yield
        except TransportError:  # no answer; an answer that we do not like says something about a question of anybody's
            self._failed = self._clock() + FAILED_FOR, refused("identity-unreachable")
            raise
        except Refused as refusal:
            self._failed = self._clock() + FAILED_FOR, refusal
            raise
        finally:
            self._room.release()

    def _safe(self, address: str) -> bool:
        """What the provider names may not lead out of https, unless it is itself a trial on this machine."""
        return address.startswith("https://") or self.issuer.startswith("http://")


def _basic(client: ClientAuth, method: str, uri: str, headers: dict[str, str], body: str) -> Any:
    """Id and secret are encoded as in a form before they are joined (RFC 6749, 2.3.1), which authlib leaves out."""
    told = ClientAuth(quote_plus(client.client_id), quote_plus(client.client_secret))
    return encode_client_secret_basic(told, method, uri, headers, body)


def _told(client: Client, address: str, until: float) -> Any:
    """What is read at an address as JSON, all of it in time: one that says a letter a second is slow, too."""
    content = bytearray()
    with client.stream("GET", address, timeout=max(until - monotonic(), 0.1)) as answer:
        for some in answer.raise_for_status().iter_bytes():
            content += some
            if len(content) > MOST_BYTES or monotonic() > until:
                raise TimeoutError
    return json.loads(content)


def _derived(secret: str, purpose: str) -> str:
    return hmac.digest(secret.encode(), f"werdegang {purpose}".encode(), "sha256").hex()


def _state(secret: str, next_: str) -> str:
    """It carries where somebody wanted to go, and a proof that this browser asked for that."""
    return f"{urlsafe_b64encode(next_.encode()).decode()}.{_derived(secret, f'state {next_}')}"


def _next_of(state: str) -> str | None:
    try:
        return urlsafe_b64decode(state.partition(".")[0].encode()).decode()
    except ValueError:
        return None


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode())
