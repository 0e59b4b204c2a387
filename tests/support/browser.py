"""A real Chromium without a window, and what it asked the network for."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.support.missing import missing

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

DESKTOP = (1280, 900)
PHONE = (360, 740)


def require_browser() -> None:
    """Skip where there is no Chromium, or fail where there has to be one."""
    absent = [name for name, path in (("chromium", CHROMIUM), ("chromedriver", DRIVER)) if path is None]
    if absent:
        message = f"no browser: {' and '.join(absent)} not found (Debian: apt install chromium-driver)"
        missing(message, "VOICECOACH_REQUIRE_BROWSER")


@contextmanager
def browser(profile: Path, *flags: str) -> Iterator[Chrome]:
    """Chromium with an empty profile of its own; ends with the block.

    Args:
        profile: An empty folder.
        flags: Further ones of its command line.
    """
    require_browser()
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", *flags):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={profile}")
    driver = Chrome(options=options, service=Service(executable_path=str(DRIVER)))
    try:
        yield driver
    finally:
        driver.quit()


def show_on(driver: Chrome, size: tuple[int, int]) -> None:
    """Make the page so many CSS pixels wide and high, as on a phone where it is narrow."""
    phone = size[0] < 500
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 2 if phone else 1, "mobile": phone}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def network_events(driver: Chrome) -> list[dict[str, Any]]:
    """What happened on the network since the last call, as the DevTools protocol has it."""
    entries = (json.loads(entry["message"])["message"] for entry in _log(driver, "performance"))
    return [entry for entry in entries if entry["method"].startswith("Network.")]


def requested(events: list[dict[str, Any]]) -> list[str]:
    """Every address that was asked for; what lies inside the page, or inside Chromium's own, is none."""
    urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    urls += [e["params"]["url"] for e in events if e["method"] == "Network.webSocketCreated"]
    return [url for url in urls if not url.startswith(("data:", "chrome:", "chrome-untrusted:"))]


def console(driver: Chrome) -> list[str]:
    """What the page complained of since the last call: errors of its script and what its policy refused."""
    return [entry["message"] for entry in _log(driver, "browser")]


def _log(driver: Chrome, kind: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = driver.get_log(kind)  # type: ignore[no-untyped-call]  # selenium's own
    return entries
