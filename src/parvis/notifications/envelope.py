"""A push message as a push service carries it: closed to everyone but the browser that it is for.

Words and the browser's keys flow in; a body and the headers that name its encoding flow out, in the standard form
(RFC 8291, `aes128gcm`) or in that of the draft before it (`aesgcm`), which older clients still read. A signed statement
says which instance sends it (RFC 8292).
"""

import base64
import secrets
import struct
from typing import Final

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import ECKey

POINT_BYTES: Final = 65  # an uncompressed point of P-256
SECRET_BYTES: Final = 16
RECORD: Final = 4096  # bytes; a push service takes no more
CURVE: Final = ec.SECP256R1()


class Envelope(msgspec.Struct, frozen=True):
    """The body, and the headers that say how it is closed."""

    body: bytes
    headers: dict[str, str]


def base64url(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """The bytes of either alphabet, padded or not.

    Raises:
        ValueError: it is neither.
    """
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The key as an uncompressed point."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """The key that the point is.

    Raises:
        ValueError: it is no point of P-256.
    """
    if len(point) != POINT_BYTES:
        raise ValueError("An uncompressed point of P-256 has 65 bytes.")
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def enclose(
    words: bytes,
    browser: bytes,
    secret: bytes,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> Envelope:
    """The words for this browser (its point and its secret) as RFC 8291 has it.

    `own` and `salt` are chosen anew for each message, but for the RFC's own example.
    """
    own = own or ec.generate_private_key(CURVE)
    salt = salt or secrets.token_bytes(16)
    mine = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), key_of(browser))
    material = _derived(shared, secret, b"WebPush: info\0" + browser + mine, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    closed = AESGCM(key).encrypt(nonce, words + b"\x02", None)  # 2: the last record, without padding
    head = salt + struct.pack("!IB", RECORD, len(mine)) + mine
    return Envelope(head + closed, {"content-encoding": "aes128gcm"})


def enclose_as_drafted(words: bytes, browser: bytes, secret: bytes) -> Envelope:
    """The same as draft-ietf-webpush-encryption-04 has it."""
    own, salt = ec.generate_private_key(CURVE), secrets.token_bytes(16)
    mine = point_of(own.public_key())
    shared = own.exchange(ec.ECDH(), key_of(browser))
    material = _derived(shared, secret, b"Content-Encoding: auth\0", 32)
    both = b"P-256\0" + struct.pack("!H", len(browser)) + browser + struct.pack("!H", len(mine)) + mine
    key = _derived(material, salt, b"Content-Encoding: aesgcm\0" + both, 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0" + both, 12)
    closed = AESGCM(key).encrypt(nonce, b"\0\0" + words, None)  # 0: no padding
    headers = {
        "content-encoding": "aesgcm",
        "encryption": f"salt={base64url(salt)}",
        "crypto-key": f"dh={base64url(mine)}",
    }
    return Envelope(closed, headers)


def signed(key: ec.EllipticCurvePrivateKey, *, audience: str, contact: str, until: int) -> str:
    """The statement (a JWT, ES256) that this instance speaks to that push service until then (s)."""
    claims = {"aud": audience, "exp": until, "sub": contact}
    return jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey(key, key))


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)
