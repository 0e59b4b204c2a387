"""The app in a real Chromium: its first screen, its keys, and what the browser asks the network for."""

import base64
from pathlib import Path
from urllib.parse import urlsplit

import av
import numpy as np
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.serve.conftest import Serving
from tests.support.browser import browser, console, network_events, requested
from tests.support.virtual_microphone import wait_until


class Watched:
    """A browser with all that its websocket has drawn."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self.drawn = b""
        self.asked: list[str] = []

    def wait_for(self, text: str) -> None:
        wait_until(lambda: self._has_drawn(text), repr(text), 120)

    def _has_drawn(self, text: str) -> bool:
        events = network_events(self.driver)
        self.asked += requested(events)
        for event in events:
            if event["method"] == "Network.webSocketFrameReceived":
                frame = event["params"]["response"]
                if frame["opcode"] == 2:
                    self.drawn += base64.b64decode(frame["payloadData"])
        return text.encode() in self.drawn


def test_a_browser_shows_the_app_and_asks_nobody_else(serving: Serving, tmp_path: Path) -> None:
    with browser(tmp_path / "profile", "--window-size=1100,700", "--use-gl=swiftshader") as driver:
        seen = Watched(driver)
        driver.get(serving.address)
        seen.wait_for("Handling imbalanced data")

        assert serving.token not in driver.current_url
        assert driver.title == "voicecoach"
        # The list has the focus without a click, and the keys reach it.
        seen.wait_for("Practise")
        ActionChains(driver).send_keys(Keys.ENTER).perform()
        seen.wait_for("Answer in 60-90")

        hosts = {urlsplit(url).netloc for url in seen.asked}
        assert hosts == {serving.host}
        assert any(url.startswith("ws://") for url in seen.asked)
        assert any("RobotoMono" in url for url in seen.asked)
        complaints = [
            line for line in console(driver) if "Content Security Policy" in line or "SEVERE" in line
        ]
        assert complaints == []
        picture = tmp_path / "screen.png"
        wait_until(
            lambda: driver.save_screenshot(str(picture)) and colours_in(picture) > 50, "the drawing", 60
        )


def colours_in(picture: Path) -> int:
    with av.open(str(picture)) as file:
        pixels = next(file.decode(video=0)).to_ndarray(format="rgb24")
    return len(np.unique(pixels.reshape(-1, 3), axis=0))
