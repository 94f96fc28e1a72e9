import pytest

from parvis.web.devices import device_of

AGENTS = {
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36": (
        "Chrome",
        "Linux",
        "monitor",
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1": (
        "Safari",
        "iPhone",
        "smartphone",
    ),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0": (
        "Edge",
        "Windows",
        "monitor",
    ),
    "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0": ("Firefox", "Android", "smartphone"),
    "curl/8.5.0": ("", "", "monitor"),
}


@pytest.mark.parametrize(("agent", "told"), AGENTS.items(), ids=lambda one: one[0] if isinstance(one, tuple) else "")
def test_a_browser_is_told_by_what_it_says_of_itself(agent: str, told: tuple[str, str, str]) -> None:
    device = device_of(agent)
    assert (device.browser, device.system, device.icon) == told
