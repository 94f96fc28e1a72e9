"""What stands at the entrance of every page: who may post from where, where one is sent next, and a page's headers.

Cross-origin posts are refused by what every browser says of itself, as Go's `http.CrossOriginProtection` does
(https://pkg.go.dev/net/http#CrossOriginProtection): no token has to be carried through the forms.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from parvis.core.config import Settings
from parvis.core.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_NEXT = 2000
POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' blob:; "
    "font-src 'self'; "
    "media-src 'self' blob:; "
    "connect-src 'self'; "
    "worker-src 'self'; "
    "manifest-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Cookie, Accept-Encoding, Accept-Language, Accept",
    "Cache-Control": "private, no-cache",
}


def require_same_origin(request: Request, settings: Settings) -> None:
    """Refuse an unsafe request that a page of another site made the browser send.

    A client that says neither `Sec-Fetch-Site` nor `Origin` is no browser, and carries no cookie it was not given.

    Raises:
        Forbidden: it comes from elsewhere.
    """
    if request.method in SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return
    if site is None and origin and _host(origin) in (request.headers.get("host"), settings.domain):
        return
    raise Forbidden("This request came from another site, so nothing was done.")


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def local_path(path: str, fallback: str = "/") -> str:
    """The path if it leads to this site, else the fallback: nobody is sent elsewhere by a link to us."""
    if (
        not path.startswith("/")
        or path.startswith(("//", "/\\"))
        or len(path) > LONGEST_NEXT
        or any(character < " " or character in "\\\x7f" for character in path)
    ):
        return fallback
    return path


def way_back(request: Request, fallback: str = "/") -> str:
    """The page of ours that the request was made on."""
    try:
        came = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return fallback
    if came.netloc != request.headers.get("host"):
        return fallback
    return local_path(came.path + (f"?{came.query}" if came.query else ""), fallback)
