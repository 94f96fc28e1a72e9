"""Settings, read once from the environment. Each is documented here, and `docs/settings.md` is generated from it.

Every variable is `PARVIS_` and the field's name in capitals. A wrong value is refused at start with a sentence that
says what to write instead.
"""

import os
import pathlib
import typing
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

PREFIX = "PARVIS_"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can set. Nothing needs to be set to begin."""

    # -- the instance
    name: Annotated[str, Meta(description="The instance's name, shown on every page.", max_length=60)] = "Parvis"
    url: Annotated[
        str, Meta(description="The address members type, without a slash at the end.", pattern=r"^https?://[^/]+$")
    ] = "http://localhost:8000"
    description: Annotated[str, Meta(description="One sentence about this square.", max_length=300)] = (
        "An open square where people, and clearly labelled AI, talk and make things."
    )
    contact: Annotated[str, Meta(description="Where members reach the operator.", max_length=200)] = ""
    language: Annotated[str, Meta(description="The language for visitors who state none: en or fr.")] = "en"
    registration: Annotated[
        str,
        Meta(
            description="open, approval (a moderator says yes to each), or closed.",
            pattern="^(open|approval|closed)$",
        ),
    ] = "open"
    contact_account: Annotated[
        str, Meta(description="The handle of the account that speaks for the operator.", max_length=30)
    ] = ""
    barred_servers: Annotated[
        str,
        Meta(
            description="Who may read which other servers are barred: everyone, members or nobody.",
            pattern="^(everyone|members|nobody)$",
        ),
    ] = "everyone"
    confirm_email: Annotated[
        bool, Meta(description="Newcomers follow a link in a letter before they come in; needs `PARVIS_MAIL`.")
    ] = False

    # -- serving
    host: Annotated[str, Meta(description="The address the server listens on.")] = "127.0.0.1"
    port: Annotated[int, Meta(description="The port the server listens on.", ge=0, le=65535)] = 8000
    node: Annotated[int, Meta(description="This process's number among those sharing a store.", ge=0, le=63)] = 0
    trust_proxy: Annotated[bool, Meta(description="Read the client's address from X-Forwarded-For.")] = False
    log_level: Annotated[str, Meta(description="debug, info, warning or error.")] = "info"
    rate_limits: Annotated[bool, Meta(description="Hold each address and account to a bounded rate.")] = True

    secret: Annotated[
        str,
        Meta(
            description="What encrypts that which must be read again, 32 characters or more and the same for every"
            " process; empty: a file in the data folder.",
            pattern="^(.{32,500})?$",
        ),
    ] = ""

    # -- calling out
    outbound_allow: Annotated[
        str,
        Meta(
            description="Addresses, CIDR blocks and hosts that may be called though they are not of the open web,"
            " separated by commas.",
            max_length=2000,
        ),
    ] = ""
    ca_bundle: Annotated[
        str, Meta(description="A PEM file of authorities to trust besides the system's, for calls to other servers.")
    ] = ""

    # -- keeping
    data: Annotated[pathlib.Path, Meta(description="The folder for the database, pictures, keys and logs.")] = (
        pathlib.Path("var")
    )
    database: Annotated[
        str,
        Meta(description="Empty for one SQLite file in the data folder, or postgresql://user:password@host/name."),
    ] = ""
    s3_bucket: Annotated[str, Meta(description="Keep pictures in this S3 bucket; empty for the data folder.")] = ""
    s3_endpoint: Annotated[str, Meta(description="The S3 service's address, when it is not the default one.")] = ""
    s3_key: Annotated[str, Meta(description="The S3 access key.")] = ""
    s3_secret: Annotated[str, Meta(description="The S3 secret key.")] = ""
    s3_region: Annotated[str, Meta(description="The S3 region.")] = "us-east-1"

    # -- letters
    mail: Annotated[
        str,
        Meta(
            description="The mail server, smtp://user:password@host:587 or smtps://…; empty: no letters are sent.",
            pattern="^(smtps?://.+)?$",
        ),
    ] = ""
    mail_from: Annotated[
        str, Meta(description="Who letters come from; empty: noreply at the instance's domain.", max_length=200)
    ] = ""

    # -- posting
    post_limit: Annotated[int, Meta(description="The longest post, in graphemes.", ge=1, le=100_000)] = 500
    picture_bytes: Annotated[int, Meta(description="The largest picture taken, in bytes.", ge=1024)] = 16 * 1024 * 1024
    picture_pixels: Annotated[int, Meta(description="The most pixels a picture may unfold to.", ge=4096)] = 40_000_000

    film_bytes: Annotated[int, Meta(description="The largest film or sound taken, in bytes.", ge=1024)] = (
        64 * 1024 * 1024
    )
    film_pixels: Annotated[int, Meta(description="The most pixels a film's frame may have.", ge=4096)] = 3840 * 2160
    film_seconds: Annotated[int, Meta(description="The longest film or sound taken, in seconds.", ge=1)] = 1800
    film_work_seconds: Annotated[
        int, Meta(description="How long making a film playable may take, in seconds, before it is given up.", ge=1)
    ] = 3600

    # -- models
    models: Annotated[
        str,
        Meta(
            description="auto, standard, light, or none: which embedded text model.",
            pattern="^(auto|standard|light|none)$",
        ),
    ] = "auto"
    models_folder: Annotated[str, Meta(description="Where model files are kept; empty for the user's cache.")] = ""
    ai_url: Annotated[str, Meta(description="An OpenAI-compatible endpoint that takes over, e.g. http://host/v1.")] = ""
    ai_key: Annotated[str, Meta(description="The endpoint's key, if it wants one.")] = ""
    ai_text_model: Annotated[str, Meta(description="The endpoint's model for text; empty: its first one.")] = ""
    ai_image_model: Annotated[str, Meta(description="The endpoint's model for pictures; empty: illustrate here.")] = ""
    ai_embedding_model: Annotated[str, Meta(description="The endpoint's model for embeddings; empty: embed here.")] = ""
    ai_timeout: Annotated[float, Meta(description="Seconds an answer of the endpoint may take.", gt=0)] = 60.0
    ai_daily_units: Annotated[int, Meta(description="Units of AI work a member may spend a day.", ge=0)] = 200

    @property
    def domain(self) -> str:
        """The host, with its port when it has one, as it stands in handles."""
        return self.url.split("://", 1)[1]

    @property
    def at_home(self) -> bool:
        """Whether only this machine reaches the instance: where a developer tries it."""
        host = self.domain.rpartition(":")[0] if self.domain.rpartition(":")[2].isdigit() else self.domain
        return host in {"localhost", "127.0.0.1", "[::1]"} or host.endswith(".localhost")

    @property
    def sends_letters(self) -> bool:
        """Whether letters reach anybody: by a mail server, or in the mailbox that a developer looks into."""
        return bool(self.mail) or self.at_home

    @property
    def secure(self) -> bool:
        """Whether members come by https, so that cookies may insist on it."""
        return self.url.startswith("https://")


class WrongSetting(Exception):  # noqa: N818 - told to the operator as it stands
    """A setting's value cannot be used; the message says which and what to write."""


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, refusing unknown `PARVIS_` names and values that do not fit.

    Raises:
        WrongSetting: a sentence for the operator.
    """
    given = os.environ if environment is None else environment
    fields = {field.name for field in msgspec.structs.fields(Settings)}
    values: dict[str, str] = {}
    for variable, value in given.items():
        if not variable.startswith(PREFIX):
            continue
        field = variable.removeprefix(PREFIX).lower()
        if field not in fields:
            raise WrongSetting(f"{variable} is no setting of Parvis. docs/settings.md lists them all.")
        values[field] = value
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise WrongSetting(f"A setting does not fit: {error}. docs/settings.md tells what each may be.") from error


SECRET = frozenset({"mail", "ai_key", "s3_secret", "s3_key", "database"})


def describe(settings: Settings) -> list[tuple[str, str, str]]:
    """Each setting's variable, its value now (secrets hidden), and what it means."""
    rows = []
    for field in msgspec.structs.fields(Settings):
        value = getattr(settings, field.name)
        shown = "(set)" if value and field.name in SECRET else str(value)
        note = typing.get_args(typing.get_type_hints(Settings, include_extras=True)[field.name])[1]
        rows.append((PREFIX + field.name.upper(), shown, str(note.description)))
    return rows


def _decode(kind: type, value: object) -> object:
    if kind is pathlib.Path and isinstance(value, str):
        return pathlib.Path(value)
    raise NotImplementedError(kind)
