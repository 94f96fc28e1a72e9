"""What may be asked of the studio: a prompt flows in, tidied words or a refusal flow out, before anything is drawn.

Two looks: a short list of words in English and French, always and at once; and the classifier, where one answers. The
list holds only what is refused everywhere (children and sex together); taste is the member's own affair.
"""

import asyncio
import re
import unicodedata
from collections.abc import Mapping

from parvis.ai.protocols import Classifier, Unavailable
from parvis.core import errors

PATIENCE = 15.0  # seconds that the classifier may take
LONGEST = 500  # code points
REFUSAL = "This cannot be drawn here. Nothing was charged; try other words."
THRESHOLDS: Mapping[str, float] = {"sexual": 0.85, "hate": 0.85, "violent": 0.92, "self_harm": 0.85}

_NEVER = re.compile(
    r"\b(csam|lolicon|lolita|shotacon|jailbait|(child|kiddie|kid|teen|minor)\w* ?(porn|sex|erotic)\w*"
    r"|p(a)?edo\w*|zoophil\w*|bestialit\w*|bestialite)\b"
)
_YOUNG = re.compile(
    r"\b(child(ren)?|kid(s|dies)?|minors?|baby|babies|bab(e|ies)|infants?|toddlers?|teens?|teenage\w*|preteens?|tweens?"
    r"|schoolgirls?|schoolboys?|little (girls?|boys?)|young (girls?|boys?)|under ?age|boys?|girls?|daughters?|sons?"
    r"|(1[0-7]|[1-9]) ?(years?|yrs?|yo|y o|ans)\b( old)?"
    r"|enfants?|enfantin\w*|mineur\w*|bebes?|nourrissons?|gamin\w*|gosses?|fillettes?|garconnets?|adolescent\w*|ados?"
    r"|ecolier\w*|collegien\w*|lyceen\w*|filles?|garcons?|petite fille|petit garcon)\b"
)
_SEXUAL = re.compile(
    r"\b(nudes?|naked|nudity|topless|undress\w*|lingerie|sexual\w*|sexy|sex|sexualis\w*|sexualiz\w*|erotic\w*"
    r"|porn\w*|nsfw|hentai|orgasm\w*|fellat\w*|blowjobs?|masturbat\w*|penis\w*|vagina\w*|genital\w*|nipples?|fuck\w*"
    r"|seductive\w*|sensual\w*|rap(e|ed|es|ing)|molest\w*|nue?s|nue?|denud\w*|deshabill\w*|sexuel\w*|sexe|erotiq\w*"
    r"|viol|viole\w*|attouch\w*|baise\w*|sodom\w*|penetr\w*|ejacul\w*)\b"
)
_LEET = str.maketrans("013457@$", "oieastas")


def tidy(prompt: str) -> str:
    """The prompt in one line, as it will be drawn and shown.

    Raises:
        Invalid: it is empty, too long, or asks for what is never drawn.
    """
    words = " ".join("".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", prompt)).split())
    if not words:
        raise errors.Invalid("Say in a few words what to draw.", field="prompt")
    if len(words) > LONGEST:
        raise errors.Invalid("Describe it in at most {most} characters.", field="prompt", most=LONGEST)
    if is_never_drawn(words):
        raise errors.Invalid(REFUSAL, field="prompt")
    return words


def is_never_drawn(words: str) -> bool:
    """Whether the short list refuses these words, however they are accented, cased or disguised with digits."""
    plain = _plain(words)
    return any(
        _NEVER.search(look) or (_YOUNG.search(look) and _SEXUAL.search(look))
        for look in (plain, plain.translate(_LEET), f"{plain} {plain.translate(_LEET)}")
    )


async def is_refused(classifier: Classifier, words: str) -> bool:
    """Whether the classifier finds the words beyond the thresholds; one that does not answer refuses nothing."""
    try:
        async with asyncio.timeout(PATIENCE):
            scores = await classifier.text(words)
    except (Unavailable, TimeoutError):
        return False
    return any(scores.get(label, 0.0) >= most for label, most in THRESHOLDS.items())


def _plain(words: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^\w@$]+|_+", " ", bare)
