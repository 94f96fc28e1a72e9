"""What all registers that administrators keep have in common: a page of one, with its neighbours, and one entry."""

import msgspec

from parvis.api.admin_accounts import LONGEST, AdminPaging
from parvis.api.endpoint import Ctx
from parvis.api.fields import Id
from parvis.api.paging import link
from parvis.moderation.registers import Register, T


class One(msgspec.Struct, frozen=True):
    """One of the list."""

    id: Id


async def page_of(ctx: Ctx, register: Register[T], given: AdminPaging) -> list[T]:
    """The page that is asked for, and the way to its neighbours."""
    page = given.page(LONGEST)
    found = await register.read(ctx.tx, ctx.member, page)
    link(ctx, [one.id for one in found], of=page)
    return found
