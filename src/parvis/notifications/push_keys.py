"""The key pair by which push services know this instance (VAPID, RFC 8292): made once, the same for every process."""

import functools
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from parvis.core.config import Settings, WrongSetting
from parvis.core.seal import Broken, Seal, seal_for
from parvis.notifications.envelope import base64url, point_of
from parvis.store.statement import Statement
from parvis.store.tables import push_keys
from parvis.store.transaction import Tx

PURPOSE: Final = "push"
PAIR: Final = b"key pair"
ONLY: Final = 1

FIND = Statement(select(push_keys.c.public_key, push_keys.c.sealed_key).where(push_keys.c.id == ONLY))
KEEP = Statement(
    insert(push_keys)
    .values({column.name: bindparam(column.name, type_=column.type) for column in push_keys.columns})
    .on_conflict_do_nothing()
)


def push_seal(settings: Settings) -> Seal:
    """What seals all that pushing keeps."""
    return seal_for(settings, PURPOSE)


async def ensure_keys(tx: Tx, seal: Seal) -> str:
    """Have a pair, and return the public half as browsers take it (an uncompressed P-256 point in base64url).

    Raises:
        WrongSetting: the instance has not the secret that the pair was sealed under.
    """
    found = await tx.first(FIND)
    if found is None:
        private = ec.generate_private_key(ec.SECP256R1())
        der = private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = base64url(point_of(private.public_key()))
        await tx.run(KEEP, id=ONLY, public_key=public, sealed_key=seal.close(der, PAIR))
        found = await tx.one(FIND)  # another process may have been first
    _opened(seal, bytes(found[1]))
    return str(found[0])


async def public_key(tx: Tx) -> str:
    """The public half; empty before the first start."""
    found = await tx.first(FIND)
    return "" if found is None else str(found[0])


async def private_key(tx: Tx, seal: Seal) -> ec.EllipticCurvePrivateKey:
    """The private half.

    Raises:
        NotFound: there is none yet.
        WrongSetting: the instance has not the secret that the pair was sealed under.
    """
    return _opened(seal, bytes((await tx.one(FIND))[1]))


@functools.lru_cache(maxsize=8)
def _opened(seal: Seal, sealed: bytes) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_der_private_key(seal.open(sealed, PAIR), None)
    except Broken as other:
        raise WrongSetting(
            "The instance's secret is not the one that this database was begun with. Set PARVIS_SECRET as it was, or "
            "copy the file `secret` into the data folder from where the instance ran before."
        ) from other
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("The push key is no elliptic one.")
    return key
