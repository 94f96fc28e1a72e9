"""Live: what happens reaches whoever is connected and may see it, in the order in which it happened.

Events flow in from the bus, arrivals flow out to seats. A post is read once for all, and one query decides who of
those who listen gets it (one more when someone among them is not signed in). Counters that change often are told a
few times a second. Nothing is kept: who was away reads the timeline.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterable

from parvis import events
from parvis.core.ids import AccountId, PostId
from parvis.people.accounts import Account
from parvis.posts.post import SIGNED_OUT
from parvis.posts.visibility import NOBODY, audience_of, seen_by, shown_by
from parvis.store.bus import Overrun
from parvis.store.database import Store
from parvis.store.transaction import Tx
from parvis.timelines import audience
from parvis.timelines.audience import Reader
from parvis.timelines.carried import with_carried
from parvis.timelines.reach import as_seen, channels_of, fitting, holdings_of
from parvis.timelines.seats import Arrival, Counts, Seat, Seats, What
from parvis.timelines.taste import Taste, taste_at

BEAT = 10.0  # seconds between two looks for seats to which nothing came
COUNTS_PAUSE = 0.25  # seconds for which changes of counters are gathered
MOST_COUNTED = 500  # posts whose counters are told at once; beyond, the page tells when it is read again
REMEMBERED = 1000  # latest posts of which it is known who had them
MOST_ANSWERS = 200  # answers under way of which it is known who may read them

Wanted = dict[Seat, tuple[str, ...]]


class Live:
    """The hub of one process. `run` it as long as the process serves."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seats = Seats()
        self._counted: set[PostId] = set()
        self._counting: asyncio.Task[None] | None = None
        self._had: OrderedDict[PostId, frozenset[AccountId]] = OrderedDict()
        self._answers: dict[PostId, tuple[frozenset[AccountId], frozenset[AccountId]]] = {}

    @property
    def seats(self) -> int:
        """How many are connected."""
        return len(self._seats.all)

    def require_room(self, viewer: Account | None, address: str = "") -> None:
        """Return when one more seat may be taken.

        Raises:
            TooFast: the account, or who is not signed in at this address, has too many; or all together have.
        """
        self._seats.require_room(viewer, address)

    def join(self, viewer: Account | None, channels: Iterable[str], address: str = "") -> Seat:
        """Take a seat that listens to these channels (see `Seat.join`); `address` tells strangers apart.

        Raises:
            Invalid: there is no such channel.
            TooFast: too many seats are taken.
            Unauthenticated: one is for who is signed in.
        """
        return self._seats.take(viewer, channels, address)

    async def run(self) -> None:
        """Carry events to the seats until the bus closes.

        When it ends, for whatever reason, everyone is dropped; after an accident it can be run anew.
        """
        beating = asyncio.create_task(self._keep_beating(), name="live beat")
        try:
            while await self._listen():
                self._seats.drop_all()
        finally:
            beating.cancel()
            if self._counting is not None:
                self._counting.cancel()
                self._counting = None
            self._seats.drop_all()

    def close(self) -> None:
        """Drop everyone for good: their streams end, so that the process can."""
        self._seats.close()

    def beat(self) -> None:
        """Have each seat to which nothing came since the last beat show that it is still there."""
        for seat in self._seats.all:
            seat.beat()

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self.beat()

    async def _listen(self) -> bool:
        """Whether to listen anew: events were lost, so nobody can go on as if not."""
        with self._store.bus.subscribe() as heard:
            try:
                async for event in heard:
                    if self._seats.all:
                        await self._carry(event)
            except Overrun:
                return True
        return False

    async def _carry(self, event: events.Live) -> None:
        match event:
            case events.PostPublished():
                if await self._show(event.post, event.author, event) in ("public", "unlisted"):
                    self._count(event.reply_to)  # a hidden answer is counted nowhere
            case events.Reposted():
                await self._show(event.post, event.author, event)
                self._count(event.original)
            case events.PostEdited() | events.CardFetched() | events.QuoteRevoked():
                await self._show(event.post, event.author, event, "edit")
            case events.PostLiked() | events.PostUnliked() | events.PollVoted() | events.PollEnded():
                self._count(event.post)
            case events.PostDeleted():
                await self._remove(event)
                self._count(event.counted)
            case events.AnswerGrew() | events.AnswerEnded():
                await self._answer(event)
            case events.Blocked():
                self._answers.clear()
                self._had.clear()
            case _:
                self._carry_on(event)

    def _carry_on(self, event: events.Live) -> None:
        """What concerns one account, or everyone alike."""
        match event:
            case events.Notified():
                self._tell(event.account, Arrival(("notifications",), "notification", event.notification, event=event))
            case events.NotificationsMerged():
                self._tell(event.account, Arrival(("notifications",), "merged", 0, event=event))
            case events.ConversationGrew():
                self._tell(event.account, Arrival(("direct",), "conversation", event.conversation, event=event))
            case events.TastesChanged():
                self._retune(event)
            case events.AnnouncementPublished() | events.AnnouncementReacted() | events.AnnouncementDeleted():
                self._tell_all(Arrival(("house",), "announcement", event.announcement, event=event))
            case events.ReportFiled() | events.ReportResolved():
                self._tell_all(Arrival(("desk",), "desk", event.report, event=event))
            case events.DrawingProgressed() | events.DrawingKept():
                self._tell(event.account, Arrival(("drawings",), "drawing", event.drawing, event=event))
            case _:
                pass

    def _tell(self, account: AccountId, arrival: Arrival) -> None:
        for seat in self._seats.of(account, arrival.channels[0]):
            seat.offer(arrival)

    def _tell_all(self, arrival: Arrival) -> None:
        for seat in list(self._seats.on(arrival.channels[0])):
            seat.offer(arrival)

    def _retune(self, event: events.TastesChanged) -> None:
        for seat in self._seats.all:
            if seat.account == event.account:
                seat.tastes = event.version
        if event.filters:
            self._tell(event.account, Arrival(("tastes",), "tastes", 0, event=event))

    # -- a post appears ------------------------------------------------------------------------------------------------

    async def _show(self, post_id: PostId, author: AccountId, event: events.Live, kind: What = "post") -> str | None:
        """Hand the post to whoever listens and may see it; its visibility, if it is still there."""
        async with self._store.reading() as tx:
            post = await shown_by(tx, author, post_id)
            if post is None:
                return None
            holdings = await holdings_of(tx, post, self._seats.lists)
            wanted = self._wanted((*channels_of(post), *holdings))
            if not wanted:
                return post.visibility
            readers = await with_carried(tx, post, await self._readers(tx, post_id, wanted))
            tastes = await self._tastes(tx, wanted)
            moment = tx.now
        self._remember(post_id, readers)
        matched = {version: taste.matches(post, moment) for version, taste in tastes.items() if taste.sieves}
        made: dict[object, Arrival] = {}  # by what is seen in it
        found: dict[object, Arrival | None] = {}  # by whose rules it is judged
        for seat, channels in wanted.items():
            reader = readers.get(seat.account)
            if reader is None:
                continue
            taste, matches = tastes[seat.tastes], matched.get(seat.tastes, ())
            seen = (reader.like, reader.carried, matches)
            personal = seat.account if holdings or taste.version else NOBODY  # whose rules are like nobody else's
            rules = (channels, personal, seen)
            if rules not in found:
                judged = taste.with_matches(post, matches)
                fit = fitting(judged, reader, taste, channels, holdings)
                if fit and (fit, seen) not in made:
                    made[fit, seen] = Arrival(fit, kind, post_id, as_seen(judged, reader), event=event)
                found[rules] = made.get((fit, seen))
            arrival = found[rules]
            if arrival is not None:
                seat.offer(arrival)
        return post.visibility

    async def _tastes(self, tx: Tx, seats: Iterable[Seat]) -> dict[int, Taste]:
        """By version, what they whose seats these are set for their feeds."""
        versions = {seat.tastes: seat.account for seat in seats}
        return {version: await taste_at(tx, account, version) for version, account in versions.items()}

    async def _readers(self, tx: Tx, post_id: PostId, seats: Iterable[Seat]) -> dict[AccountId, Reader]:
        accounts = {seat.account for seat in seats}
        readers = await audience.readers_of(tx, post_id, accounts - {NOBODY})
        if NOBODY in accounts and (post := (await seen_by(tx, None, (post_id,))).get(post_id)):
            sees_parent = post.shown.reply_to_id is not None
            readers[NOBODY] = Reader(NOBODY, False, False, False, sees_parent, SIGNED_OUT)
        return readers

    def _wanted(self, channels: Iterable[str]) -> Wanted:
        """The seats that listen to any of these channels, and to which of them."""
        wanted: Wanted = {}
        for channel in channels:
            alone = (channel,)
            for seat in self._seats.on(channel):
                known = wanted.get(seat)
                wanted[seat] = alone if known is None else (*known, channel)
        return wanted

    def _remember(self, post_id: PostId, readers: Collection[AccountId]) -> None:
        self._had[post_id] = frozenset(readers)
        if len(self._had) > REMEMBERED:
            self._had.popitem(last=False)

    # -- and is gone ---------------------------------------------------------------------------------------------------

    async def _remove(self, event: events.PostDeleted) -> None:
        self._answers.pop(event.post, None)
        self._counted.discard(event.post)
        had = self._had.pop(event.post, None)
        tags = [channel for channel in self._seats.by_channel if channel.startswith("tag:")]
        lists = [f"list:{one}" for one in self._seats.lists]
        wanted = self._wanted(("home", "public", *tags, *lists, f"thread:{event.thread}", f"post:{event.post}"))
        if not wanted:
            return
        accounts = {seat.account for seat in wanted}
        async with self._store.reading() as tx:
            near = await audience.once_readers_of(tx, event.author, event.visibility, accounts - {NOBODY})
        if event.visibility in ("public", "unlisted"):
            near[NOBODY] = False
        for account in had or ():
            near.setdefault(account, True)
        for seat, channels in wanted.items():
            if seat.account in near:
                fit = tuple(one for one in channels if near[seat.account] or not one.startswith(("home", "list:")))
                if fit:
                    seat.offer(Arrival(fit, "delete", event.post, event=event))

    # -- counters ------------------------------------------------------------------------------------------------------

    def _count(self, post_id: PostId | None) -> None:
        if post_id is not None and len(self._counted) < MOST_COUNTED:
            self._counted.add(post_id)
            if self._counting is not None and self._counting.done():
                self._counting.result()  # raises what it failed of
                self._counting = None
            if self._counting is None:
                self._counting = asyncio.create_task(self._tell_counts(), name="live counts")

    async def _tell_counts(self) -> None:
        while self._counted:
            await asyncio.sleep(COUNTS_PAUSE)
            ids, self._counted = self._counted, set()
            async with self._store.reading() as tx:
                rows = await audience.counts_of(tx, ids)
                wanted = {row[0]: self._wanted((f"post:{row[0]}", f"thread:{row[1]}")) for row in rows}
                watched = [post_id for post_id, seats in wanted.items() if seats]
                accounts = {seat.account for seats in wanted.values() for seat in seats}
                pairs = await audience.pairs_of(tx, watched, accounts - {NOBODY}) if watched else set()
            for post_id, _thread, likes, reposts, replies, everyone, tallies in rows:
                counts = Counts(likes, reposts, replies, tallies)
                for seat, channels in wanted[post_id].items():
                    if (post_id, seat.account) in pairs or (everyone and seat.account == NOBODY):
                        seat.offer(Arrival(tuple(channels), "counts", post_id, counts=counts))

    # -- the assistant writes ------------------------------------------------------------------------------------------

    async def _answer(self, event: events.AnswerGrew | events.AnswerEnded) -> None:
        channel = f"thread:{event.thread}"
        seats = list(self._seats.on(channel))
        accounts = frozenset(seat.account for seat in seats)
        asked, allowed = self._answers.get(event.question, (frozenset(), frozenset()))
        if accounts != asked:
            async with self._store.reading() as tx:
                found = await audience_of(tx, event.question, accounts - {NOBODY})
                if NOBODY in accounts and await seen_by(tx, None, (event.question,)):
                    found.add(NOBODY)
            allowed = frozenset(found)
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[event.question] = (accounts, allowed)
        ended = isinstance(event, events.AnswerEnded)
        if ended:
            self._answers.pop(event.question, None)
        arrival = Arrival((channel,), "answer_ended" if ended else "answer", event.question, event=event)
        for seat in seats:
            if seat.account in allowed:
                seat.offer(arrival)
