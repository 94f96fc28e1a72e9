"""Opening an account through an app, and confirming the e-mail address that was given with it.

The app comes with a token of its own and leaves with the new member's. What is wrong is told by field, in Mastodon's
words for programs; the link in the letter leads to a page here.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from parvis.api.answer import Answer, Detail, Empty, Error, Refusal, encode
from parvis.api.consent import language_of, page
from parvis.api.consent_words import sentence
from parvis.api.endpoint import Ctx, Endpoints, Mode
from parvis.api.oauth import Token, token_entity
from parvis.api.router import caller
from parvis.core import errors
from parvis.core.words import say
from parvis.people import accounts, confirming, grants, joining, passwords, rules
from parvis.people.accounts import Account, Application
from parvis.people.restraints import Restraint

endpoints = Endpoints("accounts")

WORDS = {
    "ERR_BLANK": "can't be blank",
    "ERR_INVALID": "is invalid",
    "ERR_TAKEN": "has already been taken",
    "ERR_RESERVED": "is reserved",
    "ERR_BLOCKED": "contains a disallowed e-mail provider",
    "ERR_ACCEPTED": "must be accepted",
    "ERR_TOO_LONG": "is too long",
    "ERR_TOO_SHORT": "is too short",
}
NAMES = {
    "username": "Username",
    "email": "E-mail",
    "password": "Password",
    "agreement": "Agreement",
    "reason": "Reason",
}
FIELDS = {"handle": "username", "email": "email", "bio": "reason"}

Problems = dict[str, tuple[Detail, ...]]


class Newcomer(msgspec.Struct, frozen=True):
    """Who wants an account. What is missing is told by field."""

    username: Annotated[str, Meta(max_length=500)] = ""
    email: Annotated[str, Meta(max_length=500)] = ""
    password: Annotated[str, Meta(max_length=1000)] = ""
    agreement: bool = False
    locale: Annotated[str, Meta(max_length=40)] = ""
    reason: Annotated[str, Meta(max_length=5000)] = ""
    date_of_birth: Annotated[str, Meta(max_length=40)] | None = None
    time_zone: Annotated[str, Meta(max_length=60)] | None = None


class Address(msgspec.Struct, frozen=True):
    """Another address to confirm, where the first was wrong."""

    email: Annotated[str, Meta(max_length=500)] | None = None


class Link(msgspec.Struct, frozen=True):
    """What the letter carries."""

    confirmation_token: Annotated[str, Meta(max_length=200)] = ""


class WrongFields(Refusal):
    """Parts of an application break rules."""

    def __init__(self, problems: Problems) -> None:
        said = ", ".join(f"{NAMES[field]} {one.description}" for field, found in problems.items() for one in found)
        told = f"Validation failed: {said}"
        super().__init__(422, told)
        self.answer = Answer(encode(Error(told, details=problems, code="invalid")), 422)


@endpoints.post(
    "/api/v1/accounts",
    scope="write:accounts",
    who="app",
    mode=Mode.ALONE,
    refuses=(403, 422),
    pace="5/30 minutes",
)
async def open_account(ctx: Ctx, given: Newcomer) -> Token:
    """Open an account; the token is the new member's."""
    access, door = ctx.access, ctx.door
    if access is None or access.account is not None:
        raise Refusal(403, "This method requires an client credentials authentication")
    joining.require_open(door.settings)
    if problems := _problems(given):
        raise WrongFields(problems)
    application = Application(
        handle=given.username,
        email=given.email,
        password_hash=await passwords.hash_password(given.password),
        language=_language(ctx, given.locale),
        reason=given.reason,
        address=caller(ctx),
        app_id=access.app_id,
    )
    async with door.store.transaction() as tx:
        try:
            account = await joining.join(tx, application, door.settings)
        except (errors.Conflict, errors.Invalid) as refused:
            raise _told(refused) from refused
        return token_entity(await grants.lend(tx, account, access.app_id, access.scopes))


@endpoints.post("/api/v1/emails/confirmations", who="app", refuses=(403, 422), pace="10/30 minutes")
async def resend_confirmation(ctx: Ctx, given: Address) -> Empty:
    """Send the letter again, perhaps to another address."""
    account = _newcomer(ctx)
    access = ctx.access
    if access is None or await confirming.app_of(ctx.tx, account) != access.app_id:
        raise Refusal(403, "This method is only available to the application the user originally signed-up with")
    if not account.restraints & Restraint.UNCONFIRMED:
        raise Refusal(403, "This method is only available while the e-mail is awaiting confirmation")
    await confirming.ask(ctx.tx, account, ctx.door.settings, given.email)
    return Empty()


@endpoints.get("/api/v1/emails/check_confirmation", who="app")
async def check_confirmation(ctx: Ctx) -> bool:
    """Whether one's address is confirmed."""
    return not _newcomer(ctx).restraints & Restraint.UNCONFIRMED


@endpoints.get("/auth/confirmation", mode=Mode.ALONE, hidden=True, open_to_pages=False, pace="60/5 minutes")
async def follow_link(ctx: Ctx, given: Link) -> Answer:
    """The page behind the link in the letter."""
    language = language_of(ctx)
    try:
        async with ctx.door.store.transaction() as tx:
            await confirming.confirm(tx, given.confirmation_token, ctx.door.settings)
    except errors.Refused as refused:
        title = sentence(language, "This link is no longer good")
        return page(ctx, title, status=refused.status, problem=say(refused, language), onward=True)
    told = sentence(language, "You can sign in now, here or in your app.")
    return page(ctx, sentence(language, "Your address is confirmed"), problem=told, onward=True)


def _newcomer(ctx: Ctx) -> Account:
    if ctx.access is None or ctx.access.account is None:
        raise Refusal(422, "This method requires an authenticated user")
    return ctx.access.account


def _language(ctx: Ctx, locale: str) -> str:
    try:
        return rules.checked_language(locale.replace("_", "-"))
    except errors.Invalid:
        return language_of(ctx)


def _problems(given: Newcomer) -> Problems:
    found: dict[str, str] = {}
    if not given.username.strip():
        found["username"] = "ERR_BLANK"
    elif len(given.username) > rules.HANDLE_LENGTH:
        found["username"] = "ERR_TOO_LONG"
    elif not rules.HANDLE.fullmatch(given.username):
        found["username"] = "ERR_INVALID"
    elif given.username.lower() in rules.RESERVED:
        found["username"] = "ERR_RESERVED"
    found |= _about_email(given.email) | _about_password(given.password)
    if not given.agreement:
        found["agreement"] = "ERR_ACCEPTED"
    if len(given.reason) > accounts.REASON_LENGTH:
        found["reason"] = "ERR_TOO_LONG"
    return {field: (_detail(error),) for field, error in found.items()}


def _about_email(email: str) -> dict[str, str]:
    if not email.strip():
        return {"email": "ERR_BLANK"}
    try:
        rules.checked_email(email)
    except errors.Invalid:
        return {"email": "ERR_INVALID"}
    return {}


def _about_password(password: str) -> dict[str, str]:
    if not password:
        return {"password": "ERR_BLANK"}
    if len(password) < passwords.SHORTEST:
        return {"password": "ERR_TOO_SHORT"}
    return {"password": "ERR_TOO_LONG"} if len(password) > passwords.LONGEST else {}


def _told(refused: errors.Conflict | errors.Invalid) -> errors.Refused:
    """What the room found wrong, by the field that the app knows."""
    field = FIELDS.get(refused.field)
    if field is None:
        return refused
    wrong = "ERR_BLOCKED" if field == "email" else "ERR_INVALID"  # its form was looked at before
    return WrongFields({field: (_detail("ERR_TAKEN" if isinstance(refused, errors.Conflict) else wrong),)})


def _detail(error: str) -> Detail:
    return Detail(error, WORDS[error])
