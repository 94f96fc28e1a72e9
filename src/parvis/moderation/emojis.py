"""The emoji of the house as administrators keep them; what they are is the business of `posts.emojis`."""

from parvis.moderation import audit, roles
from parvis.moderation.roles import May
from parvis.people.accounts import Account
from parvis.posts import emojis
from parvis.posts.post import Emoji
from parvis.store.transaction import Tx


async def kept(tx: Tx, admin: Account | None) -> list[tuple[Emoji, bool]]:
    """Every emoji, by category and name, and whether it is offered where one chooses.

    Raises:
        Forbidden: the account may not.
    """
    roles.require(admin, May.EMOJIS)
    return await emojis.all_emojis(tx)


async def add(
    tx: Tx, admin: Account | None, shortcode: str, pictures: tuple[str, str], *, category: str = "", listed: bool = True
) -> None:
    """Have an emoji of this name: its picture, and the one that stays still, as `posts.emojis.keep` kept them.

    Raises:
        Forbidden: the account may not.
        Invalid: that is no shortcode.
    """
    roles.require(admin, May.EMOJIS)
    await emojis.add(tx, shortcode, *pictures, category=category, listed=listed)
    await audit.note(tx, admin, "emoji.add", f"emoji:{shortcode}")


async def remove(tx: Tx, admin: Account | None, shortcode: str) -> None:
    """Have no emoji of this name any more.

    Raises:
        Forbidden: the account may not.
        NotFound: there is none.
    """
    roles.require(admin, May.EMOJIS)
    await emojis.remove(tx, shortcode)
    await audit.note(tx, admin, "emoji.remove", f"emoji:{shortcode}")
