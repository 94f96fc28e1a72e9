"""What an instance answers that makes no reports of a year, and whose answers are never still on their way."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from parvis.api.account_entity import Account
from parvis.api.answer import Empty
from parvis.api.endpoint import Ctx, Endpoints
from parvis.api.status_entity import Status
from parvis.core.errors import NotFound

endpoints = Endpoints("later")


class Year(msgspec.Struct, frozen=True):
    """A year."""

    year: Annotated[str, Meta(pattern=r"\A[0-9]{1,4}\Z")]


class Refresh(msgspec.Struct, frozen=True):
    """An answer that may still be on its way."""

    id: Annotated[str, Meta(max_length=500)]


class AnnualReport(msgspec.Struct, frozen=True):
    """What somebody did in a year."""

    year: int


class AnnualReports(msgspec.Struct, frozen=True):
    """Reports of years, and who and what they name."""

    annual_reports: tuple[AnnualReport, ...] = ()
    accounts: tuple[Account, ...] = ()
    statuses: tuple[Status, ...] = ()


class ReportState(msgspec.Struct, frozen=True):
    """Whether there is or can be a report."""

    state: Literal["available", "generating", "eligible", "ineligible"] = "ineligible"


class AsyncRefresh(msgspec.Struct, frozen=True):
    """How far an answer is on its way."""

    id: str
    status: Literal["running", "finished"]
    result_count: int | None = None


class AsyncRefreshResponse(msgspec.Struct, frozen=True):
    """The same, wrapped."""

    async_refresh: AsyncRefresh


@endpoints.get("/api/v1/annual_reports", scope="read:accounts")
async def get_annual_reports(_ctx: Ctx) -> AnnualReports:
    """Reports of the caller's years: none are made here."""
    return AnnualReports()


@endpoints.get("/api/v1/annual_reports/{year}", scope="read:accounts")
async def get_annual_report(_ctx: Ctx, given: Year) -> AnnualReports:
    """The report of a year: there is none."""
    raise NotFound("Record not found", year=given.year)


@endpoints.post("/api/v1/annual_reports/{year}/generate", scope="write:accounts")
async def make_annual_report(_ctx: Ctx, given: Year) -> Empty:
    """Have a report made: nobody is eligible for one."""
    raise NotFound("Record not found", year=given.year)


@endpoints.post("/api/v1/annual_reports/{year}/read", scope="write:accounts")
async def mark_annual_report(_ctx: Ctx, given: Year) -> Empty:
    """Mark a report as read: there is none."""
    raise NotFound("Record not found", year=given.year)


@endpoints.get("/api/v1/annual_reports/{year}/state", scope="read:accounts")
async def get_annual_report_state(_ctx: Ctx, given: Year) -> ReportState:
    """Whether there can be a report of a year: not here."""
    del given
    return ReportState()


@endpoints.get("/api/v1_alpha/async_refreshes/{id}", scope="read")
async def get_refresh(_ctx: Ctx, given: Refresh) -> AsyncRefreshResponse:
    """How far an answer is on its way: every answer here is whole at once, so there is no such thing."""
    raise NotFound("Record not found", id=given.id)
