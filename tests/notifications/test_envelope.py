"""What is pushed can be read by the browser that it is for, and by nobody else."""

import base64

import http_ece
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from parvis.notifications.envelope import (
    base64url,
    enclose,
    enclose_as_drafted,
    from_base64,
    key_of,
    point_of,
    signed,
)

SECRET = b"0123456789abcdef"


def browser() -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, point_of(key.public_key())


def test_the_rfc_s_own_example_comes_out_byte_for_byte() -> None:
    """RFC 8291, section 5 and appendix A."""
    own = ec.derive_private_key(
        int.from_bytes(from_base64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    envelope = enclose(
        b"When I grow up, I want to be a watermelon",
        from_base64("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        from_base64("BTBZMqHH6r4Tts7J_aSIgg"),
        own=own,
        salt=from_base64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert base64url(envelope.body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("words", [b"", b"bonjour", "é".encode() * 1500])
def test_another_implementation_reads_both_forms(words: bytes) -> None:
    key, point = browser()
    standard = enclose(words, point, SECRET)
    assert standard.headers == {"content-encoding": "aes128gcm"}
    assert http_ece.decrypt(standard.body, private_key=key, auth_secret=SECRET, version="aes128gcm") == words
    drafted = enclose_as_drafted(words, point, SECRET)
    salt = from_base64(drafted.headers["encryption"].removeprefix("salt="))
    sender = from_base64(drafted.headers["crypto-key"].removeprefix("dh="))
    opened = http_ece.decrypt(drafted.body, salt=salt, private_key=key, dh=sender, auth_secret=SECRET, version="aesgcm")
    assert opened == words
    with pytest.raises((InvalidTag, http_ece.ECEException)):
        http_ece.decrypt(standard.body, private_key=browser()[0], auth_secret=SECRET, version="aes128gcm")


def test_the_statement_is_signed_by_the_key_and_says_to_whom() -> None:
    key, _ = browser()
    said = signed(key, audience="https://push.example", contact="mailto:op@square.example", until=2_000_000_000)
    token = jwt.decode(said, ECKey(key.public_key(), key.public_key()))
    assert token.header == {"typ": "JWT", "alg": "ES256"}
    assert token.claims == {"aud": "https://push.example", "sub": "mailto:op@square.example", "exp": 2_000_000_000}


def test_keys_come_in_any_base64_and_nothing_else() -> None:
    _, point = browser()
    for written in (base64url(point), base64.b64encode(point).decode(), base64.urlsafe_b64encode(point).decode()):
        assert point_of(key_of(from_base64(written))) == point
    for wrong in (b"", point[:-1], b"\x04" + bytes(64), b"\x02" + point[1:]):
        with pytest.raises(ValueError):  # noqa: PT011 - several libraries say it in their own words
            key_of(wrong)
    with pytest.raises(ValueError):  # noqa: PT011 - the same
        from_base64("*" * 16)
