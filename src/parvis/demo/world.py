"""The demo world, raised through the verbs that every member uses, at the moments that the script names.

The script flows in; accounts, follows, posts, likes and reposts flow out, with nobody's password and no way in. Raising
goes on where an interrupted one stopped, and leaves a finished world alone: the first of the cast gets their own words
last, so that whoever finds them knows the world is whole. Accounts of real members are never acted for.
"""

import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

import msgspec
from sqlalchemy import BigInteger, bindparam, select

from parvis.assistant.member import ensure_assistant, find_assistant
from parvis.core import clock
from parvis.core.config import Settings
from parvis.core.errors import Conflict, Invalid
from parvis.core.ids import PostId
from parvis.demo.gallery import Gallery
from parvis.demo.script import ASSISTANT, MAKER, Line, Role, Script, read_script
from parvis.people.accounts import Account, Application, accounts_by_ids, find_by_handle, open_account
from parvis.people.profiles import edit_profile
from parvis.people.relations import follow
from parvis.posts import media
from parvis.posts.drafts import Draft, PollDraft
from parvis.posts.edit import Revision, edit
from parvis.posts.likes import like
from parvis.posts.polls import vote
from parvis.posts.publish import publish
from parvis.posts.reposts import repost
from parvis.store.database import Store
from parvis.store.statement import Statement
from parvis.store.tables import credentials
from parvis.store.transaction import Tx

WINDOW = 5 * clock.MINUTE  # acts of the past this near to each other share a transaction
MOST_AT_ONCE = 100  # acts in a transaction
EDITED_AFTER = 10 * clock.MINUTE
POLL_LASTS = 7 * clock.DAY
LIKED_WITHIN = 3 * clock.HOUR  # most likes come this soon

Progress = Callable[[int, int], None]
"""Called with how much is done of how much."""

_EMAIL = Statement(
    select(credentials.c.email).where(
        credentials.c.account_id == bindparam("account", type_=BigInteger), credentials.c.email.is_not(None)
    )
)


def unwatched(done: int, total: int) -> None:
    """A `Progress` for callers who do not watch."""


async def no_work() -> None:
    """A `settle` for a store without listeners."""


class DemoClock:
    """A clock that stands where it was put; a store opened by it writes at that moment."""

    def __init__(self, moment: int) -> None:
        self.moment = moment

    def __call__(self) -> int:
        """The moment, in milliseconds since the epoch."""
        return self.moment


class World(msgspec.Struct):
    """A world that stands: accounts by handle, and, to whoever raised it, posts by their key in the script."""

    store: Store
    accounts: dict[str, Account] = {}
    posts: dict[str, PostId] = {}
    settle: Callable[[], Awaitable[None]] = no_work

    def __getitem__(self, handle: str) -> Account:
        """The account with this handle, as it was when the world was raised."""
        return self.accounts[handle]


class _Act(NamedTuple):
    """Something that somebody does."""

    moment: int  # ms since the epoch
    order: int  # among those of one moment
    do: Callable[[Tx], Awaitable[object]]


async def is_raised(store: Store) -> bool:
    """Whether the demo world stands here, whole."""
    first = read_script().cast[0]
    async with store.reading() as tx:
        found = await find_by_handle(tx, first.handle)
    return found is not None and found.bio == first.bio


async def raise_world(
    store: Store,
    settings: Settings,
    *,
    at: DemoClock | None = None,
    gallery: Gallery | None = None,
    password_hash: str | None = None,
    settle: Callable[[], Awaitable[None]] = no_work,
    progress: Progress = unwatched,
) -> World:
    """Raise the demo world, or what an interrupted raising left to do; nothing where it stands already.

    With `at`, the clock that the store was opened by, everything happens at its moment in the past, up to the moment
    at which the clock stands now; without it, everything happens in order, now. `settle` drains the work that acts
    leave behind. Without a `password_hash` nobody can sign in as one of the cast.

    Raises:
        Conflict: a real member has the handle of one of the cast; nothing was done.
    """
    script = read_script()
    world = World(store, settle=settle)
    if await is_raised(store):
        await _look_up(world, script)
        return world
    await require_room(store)
    raising = _Raising(script, world, settings, gallery or Gallery(), password_hash)
    now = at.moment if at else store.ids.now()
    acts = sorted(raising.acts(now), key=lambda act: act[:2])
    done = 0
    for batch in _batches(acts, WINDOW if at else None):
        if at:
            at.moment = batch[0].moment
        async with store.transaction(durable=False) as tx:
            for act in batch:
                if at:
                    at.moment = act.moment
                await act.do(tx)
        done += len(batch)
        progress(done, len(acts))
        await settle()
    if at:
        at.moment = now
    async with store.transaction() as tx:
        await raising.finish(tx)
    await settle()
    return world


def _batches(acts: list[_Act], window: int | None) -> Iterator[list[_Act]]:
    """Acts that share a transaction, in order."""
    batch: list[_Act] = []
    for act in acts:
        apart = bool(batch) and window is not None and act.moment - batch[0].moment > window
        if apart or len(batch) == MOST_AT_ONCE:
            yield batch
            batch = []
        batch.append(act)
    if batch:
        yield batch


async def require_room(store: Store) -> None:
    """Promise that nobody here has the handle of one of the cast.

    Raises:
        Conflict: a real member has.
    """
    async with store.reading() as tx:
        for role in read_script().cast:
            found = await find_by_handle(tx, role.handle)
            if found is not None and await tx.value(_EMAIL, account=found.id):
                raise Conflict(
                    "@{handle} is a member here: the demo world needs an instance of its own.", handle=role.handle
                )


async def _look_up(world: World, script: Script) -> None:
    async with world.store.reading() as tx:
        found = [await find_by_handle(tx, role.handle) for role in script.cast]
        found.append(await find_assistant(tx))
    world.accounts.update({account.handle: account for account in found if account is not None})


class _Raising:
    """Who has been opened and what has been posted so far, and the acts that do the rest."""

    def __init__(
        self, script: Script, world: World, settings: Settings, gallery: Gallery, password_hash: str | None
    ) -> None:
        self._script = script
        self._world = world
        self._settings = settings
        self._gallery = gallery
        self._password_hash = password_hash

    def acts(self, now: int) -> Iterator[_Act]:
        """Everything that happens, in no order."""
        joined = {role.handle: now - role.joined * clock.DAY for role in self._script.cast}
        joined[ASSISTANT] = min(joined.values()) - clock.DAY
        yield _Act(joined[ASSISTANT], 0, self._open_assistant)
        for role in self._script.cast:
            yield _Act(
                max(joined[role.handle], joined.get(role.owner, 0)), 1 + bool(role.owner), partial(self._open, role)
            )
            for place, other in enumerate(role.follows.split()):
                met = max(joined[role.handle], joined[other]) + (1 + place) * clock.HOUR
                yield _Act(met, 3, partial(self._follow, role.handle, other))
        for line in self._script.lines:
            moment = now - line.ago
            yield _Act(moment, 4, partial(self._publish, line))
            chance = random.Random(f"moments of {line.key}")
            for handle in line.likes:
                yield _Act(_later(moment, now, chance), 5, partial(self._like, handle, line.key))
            for handle in line.reposts:
                yield _Act(_later(moment, now, chance), 5, partial(self._repost, handle, line.key))
            for handle, choice in line.votes:
                yield _Act(_later(moment, now, chance), 5, partial(self._vote, handle, line.key, choice))
            if line.before:
                yield _Act(min(moment + EDITED_AFTER, now), 5, partial(self._edit, line))

    async def finish(self, tx: Tx) -> None:
        """Give the first of the cast their words, and read how everybody is by now."""
        first = self._script.cast[0]
        await edit_profile(tx, self._world[first.handle], bio=first.bio)
        current = await accounts_by_ids(tx, [account.id for account in self._world.accounts.values()])
        self._world.accounts.update({account.handle: account for account in current.values()})

    async def _open_assistant(self, tx: Tx) -> None:
        account = await ensure_assistant(tx)
        face = self._gallery.faces.get(ASSISTANT)
        if face is not None and not account.avatar:
            account = await edit_profile(tx, account, avatar=face.stored.blob)
        self._world.accounts[ASSISTANT] = account

    async def _open(self, role: Role, tx: Tx) -> None:
        found = await find_by_handle(tx, role.handle)
        face = self._gallery.faces.get(role.handle)
        self._world.accounts[role.handle] = found or await open_account(
            tx,
            Application(
                handle=role.handle,
                name=role.name,
                bio="" if role is self._script.cast[0] else role.bio,
                language=role.language,
                kind=role.kind,
                owner_id=self._world[role.owner].id if role.owner else None,
                avatar=face.stored.blob if face else "",
                password_hash=self._password_hash if role.kind == "person" else None,
            ),
        )

    async def _follow(self, handle: str, other: str, tx: Tx) -> None:
        await follow(tx, self._world[handle], self._world[other].id)

    async def _publish(self, line: Line, tx: Tx) -> None:
        author = self._world[line.by]
        pictures = []
        hung = self._gallery.pictures.get(line.picture)
        if hung is not None:
            alt = self._script.pictures[line.picture].alt
            pictures.append(
                await media.add_media(tx, author, hung.stored, alt=alt, origin="generated", maker=hung.maker)
            )
        self._world.posts[line.key] = await publish(
            tx,
            author,
            Draft(
                line.before or line.text,
                media=tuple(picture.id for picture in pictures),
                reply_to=self._world.posts[line.to] if line.to else None,
                visibility=line.visibility,
                warning=line.warning,
                sensitive=bool(line.warning),
                language=line.language,
                poll=PollDraft(line.poll, POLL_LASTS) if line.poll else None,
                quotes=self._world.posts[line.quotes] if line.quotes else None,
            ),
            origin=line.origin,
            maker="" if line.origin == "human" else MAKER,
            key=f"demo: {line.key}",
            settings=self._settings,
        )

    async def _like(self, handle: str, key: str, tx: Tx) -> None:
        await like(tx, self._world[handle], self._world.posts[key])

    async def _vote(self, handle: str, key: str, choice: int, tx: Tx) -> None:
        with contextlib.suppress(Invalid):  # they voted before the raising was interrupted
            await vote(tx, self._world[handle], self._world.posts[key], (choice,))

    async def _edit(self, line: Line, tx: Tx) -> None:
        revision = Revision(line.text, warning=line.warning, sensitive=bool(line.warning), language=line.language)
        await edit(tx, self._world[line.by], self._world.posts[line.key], revision, settings=self._settings)

    async def _repost(self, handle: str, key: str, tx: Tx) -> None:
        await repost(tx, self._world[handle], self._world.posts[key])


def _later(moment: int, now: int, chance: random.Random) -> int:
    """A moment after the post, most likely soon, and never after now."""
    span = now - moment
    return moment + min(20 * clock.SECOND + int(chance.expovariate(1) * min(LIKED_WITHIN, span / 3)), span * 9 // 10)
