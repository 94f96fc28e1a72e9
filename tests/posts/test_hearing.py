from parvis.ai.fake import FakeModels
from parvis.posts.hearing import language_of


async def test_a_language_is_heard_in_the_words_alone() -> None:
    models = FakeModels()
    models.classifier.when_language("bonjour à tous", "fr")
    assert await language_of("@ann bonjour à tous #parvis https://example.org/english", models.classifier) == "fr"


async def test_without_words_or_without_a_model_no_language_is_told() -> None:
    models = FakeModels()
    assert await language_of("@ann https://example.org 🌅", models.classifier) is None
    models.classifier.fail()
    assert await language_of("bonjour à tous", models.classifier) is None
