"""The few sentences that the assistant says without a model, in the languages of the network."""

from typing import Final

UNAVAILABLE: Final = {
    "en": "I cannot answer right now, sorry. Please ask me again in a little while.",
    "fr": "Je ne peux pas répondre pour l'instant, désolé. Redemandez-moi dans un petit moment.",
}
OVER_ALLOWANCE: Final = {
    "en": "You have used today's allowance of AI help. Ask me again tomorrow; everything else here goes on as ever.",
    "fr": "Vous avez utilisé l'aide de l'IA prévue pour aujourd'hui. Redemandez-moi demain ; le reste continue ici.",
}
SPEECHLESS: Final = {
    "en": "I found nothing sensible to say to that.",
    "fr": "Je n'ai rien trouvé de sensé à répondre à cela.",
}
NOT_SAID: Final = {
    "en": "The thread does not say.",
    "fr": "Le fil ne le dit pas.",
}


def in_language(phrase: dict[str, str], language: str) -> str:
    """The phrase in this language (a BCP 47 tag), in English where it has not been translated."""
    return phrase.get(language.partition("-")[0].lower(), phrase["en"])
