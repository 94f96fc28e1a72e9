import pathlib

import pytest

from parvis.core.config import Settings, WrongSetting, describe, from_environment


def test_values_become_what_the_field_says() -> None:
    settings = from_environment(
        {"PARVIS_PORT": "3000", "PARVIS_DATA": "/srv/x", "PARVIS_RATE_LIMITS": "false", "HOME": "/"}
    )
    assert (settings.port, settings.data, settings.rate_limits) == (3000, pathlib.Path("/srv/x"), False)


@pytest.mark.parametrize("given", [{"PARVIS_PORT": "many"}, {"PARVIS_PROT": "1"}, {"PARVIS_URL": "example.org"}])
def test_a_wrong_value_or_name_is_refused_with_a_sentence(given: dict[str, str]) -> None:
    with pytest.raises(WrongSetting, match=r"docs/settings\.md"):
        from_environment(given)


def test_secrets_are_not_shown() -> None:
    shown = {name: value for name, value, _ in describe(Settings(ai_key="sesame", database="postgresql://u:p@h/d"))}
    assert shown["PARVIS_AI_KEY"] == shown["PARVIS_DATABASE"] == "(set)"
