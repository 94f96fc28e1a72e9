"""Lists that clients ask for at their start and that Parvis cannot fill yet: each answers, truly, that it is empty.

A capability that arrives moves its endpoints out of here, into the file of its noun.
"""

from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints, Mode

endpoints = Endpoints("vacancies")


@endpoints.get("/api/v1/trends/tags", mode=Mode.ALONE)
async def get_trending_tags(_ctx: Ctx) -> tuple[Empty, ...]:
    """Hashtags that trend: none are counted."""
    return ()
