"""The words of the consent page, in English and French."""
# ruff: noqa: RUF001 - French apostrophes are curly

LANGUAGES = ("en", "fr")

SCOPES = {
    "read": "See what you see: feeds, posts, people, notifications",
    "write": "Act for you: post, upload, like, change your profile",
    "follow": "Follow, mute and block for you",
    "push": "Send you notifications",
    "profile": "See who you are",
    "admin:read": "See everything that the instance knows about its members",
    "admin:write": "Moderate the instance for you",
}

FRENCH = {
    "Let {app} in?": "Laisser entrer {app}\u202f?",
    "This app cannot be let in": "Cette application ne peut pas entrer",
    "The app was not let in": "L’application n’est pas entrée",
    "One step left": "Encore une étape",
    "Copy this code into the app:": "Copiez ce code dans l’application\u00a0:",
    "Signed in as": "Vous êtes",
    "The app will be able to:": "L’application pourra\u00a0:",
    "Allow": "Autoriser",
    "Deny": "Refuser",
    "You will be taken back to": "Vous retournerez à",
    "You can take this back at any time in your settings.": (
        "Vous pouvez revenir là-dessus à tout moment dans vos réglages."
    ),
    "This link is no longer good": "Ce lien n’est plus bon",
    "Your address is confirmed": "Votre adresse est confirmée",
    "You can sign in now, here or in your app.": (
        "Vous pouvez vous connecter maintenant, ici ou dans votre application."
    ),
    "Sign in": "Se connecter",
    "Letters that were not sent": "Lettres qui ne sont pas parties",
    "You can close this page.": "Vous pouvez fermer cette page.",
    "This app is not known here, or its secret is wrong.": "Cette application n’est pas connue ici.",
    "The redirect address is not one that the app was registered with.": (
        "L’application n’a pas déclaré l’adresse où elle veut vous envoyer."
    ),
    "See what you see: feeds, posts, people, notifications": (
        "Voir ce que vous voyez\u00a0: fils, messages, personnes, notifications"
    ),
    "Act for you: post, upload, like, change your profile": (
        "Agir pour vous\u00a0: publier, envoyer des images, aimer, modifier votre profil"
    ),
    "Follow, mute and block for you": "Suivre, masquer et bloquer pour vous",
    "Send you notifications": "Vous envoyer des notifications",
    "See who you are": "Voir qui vous êtes",
    "See everything that the instance knows about its members": "Voir tout ce que l’instance sait de ses membres",
    "Moderate the instance for you": "Modérer l’instance pour vous",
    "only {part}": "seulement {part}",
}


def sentence(language: str, text: str) -> str:
    """The English text in this language."""
    return FRENCH.get(text, text) if language == "fr" else text


def wish(language: str, scope: str) -> str:
    """What a scope lets an app do."""
    broad, part = (scope, "") if scope in SCOPES else scope.rsplit(":", 1)
    words = sentence(language, SCOPES[broad])
    return f"{words} ({sentence(language, 'only {part}').format(part=part)})" if part else words
