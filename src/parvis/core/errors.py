"""The one tree of refusals. A door translates them once; anything else that escapes is a bug and a 500.

`message` is a translatable English sentence that is safe to show; doors put it in the member's language with
`parameters` filled in.
"""

from typing import ClassVar


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an accident
    """The request was understood and refused, for a reason that the member may read."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"

    def __init__(self, message: str, /, **parameters: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.parameters = parameters

    def __str__(self) -> str:
        return self.message.format_map(self.parameters) if self.parameters else self.message


class Invalid(Refused):
    """The input breaks a rule that the message names; `field` says where."""

    status = 422
    code = "invalid"

    def __init__(self, message: str, /, field: str = "", **parameters: str | int) -> None:
        super().__init__(message, **parameters)
        self.field = field


class Unauthenticated(Refused):
    """Nobody is signed in, or the token is not good."""

    status = 401
    code = "unauthenticated"


class Forbidden(Refused):
    """Somebody is signed in and may not do this."""

    status = 403
    code = "forbidden"


class NotFound(Refused):
    """It does not exist, or the one who asks may not know that it does: both look the same."""

    status = 404
    code = "not_found"


class Conflict(Refused):
    """It contradicts what is already there (a name taken, an edit overtaken); `field` says where."""

    status = 409
    code = "conflict"

    def __init__(self, message: str, /, field: str = "", **parameters: str | int) -> None:
        super().__init__(message, **parameters)
        self.field = field


class TooLarge(Refused):
    """The input is larger than this door takes."""

    status = 413
    code = "too_large"


class OverAllowance(Refused):
    """The member's allowance of AI work for the day is spent."""

    status = 402
    code = "over_allowance"


class TooFast(Refused):
    """Too many requests; `after` seconds say when to come back."""

    status = 429
    code = "too_fast"

    def __init__(self, message: str, /, after: int, **parameters: str | int) -> None:
        super().__init__(message, **parameters)
        self.after = after


class Unavailable(Refused):
    """A part that others can do without (a model, a remote server) does not answer now."""

    status = 503
    code = "unavailable"


class TryAgain(Exception):  # noqa: N818 - a request to the job runner, not an accident
    """A job asks to run again after so many seconds; it counts as no failure."""

    def __init__(self, after: float) -> None:
        super().__init__(f"again in {after} s")
        self.after = after
