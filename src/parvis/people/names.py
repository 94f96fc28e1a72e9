"""Names word by word, so that somebody is found by any word of what they call themselves.

A name flows in with the transaction that gives it; its words are kept without capitals and accents. What somebody
typed flows out as the beginnings of words that a name must have.
"""

import re
import unicodedata
from typing import Final

from sqlalchemy import BigInteger, bindparam, delete, insert

from parvis.core.ids import AccountId
from parvis.store.statement import Statement
from parvis.store.tables import name_words
from parvis.store.transaction import Tx

MOST: Final = 10  # words of a name that are kept
LONGEST: Final = 40  # characters of a word

_WORD = re.compile(r"\w+")
_c = name_words.c
_ADD = Statement(insert(name_words).values({name: bindparam(name, type_=_c[name].type) for name in _c.keys()}))  # noqa: SIM118 - of a table's columns
_FORGET = Statement(delete(name_words).where(_c.account_id == bindparam("account", type_=BigInteger)))


def words_in(text: str) -> list[str]:
    """The words of a name or of a question, each once, without capitals and accents."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(bare.casefold())))[:MOST]


async def keep(tx: Tx, account: AccountId, name: str, *, new: bool = False) -> None:
    """Remember by which words the account is found; a `new` one was not found by any before."""
    if not new:
        await tx.run(_FORGET, account=account)
    await tx.many(_ADD, [{"word": word, "account_id": account} for word in words_in(name)])
