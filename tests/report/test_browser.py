"""The report in a real Chromium: what is heard, what is fetched, how it looks on a phone and on paper."""

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.report.samples import HOSTILE, hostile_take, take
from tests.support.browser import DESKTOP, PHONE, browser, console, network_events, requested, show_on
from tests.support.practising import SPOKEN
from tests.tui.samples import CLAUSES
from voicecoach.audio.decode import decode
from voicecoach.report.page import render

PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture
def page(chrome: Chrome, tmp_path: Path) -> Chrome:
    """A report of one spoken take, opened from its file."""
    return opened(chrome, tmp_path, render([take()], "Handling imbalanced data"))


def opened(chrome: Chrome, folder: Path, text: str) -> Chrome:
    show_on(chrome, DESKTOP)
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    network_events(chrome)
    console(chrome)
    file = folder / "report.html"
    file.write_text(text, "utf-8")
    chrome.get(file.as_uri())
    WebDriverWait(chrome, PATIENCE_S).until(lambda _: not audio(chrome) or state(chrome)["ready"] >= 1)
    return chrome


def audio(chrome: Chrome) -> list[Any]:
    return chrome.find_elements(By.TAG_NAME, "audio")


def state(chrome: Chrome) -> dict[str, Any]:
    script = (
        "const a = document.querySelector('audio');"
        "return {at: a.currentTime, paused: a.paused, ready: a.readyState, length: a.duration,"
        " error: a.error && a.error.message};"
    )
    found: dict[str, Any] = chrome.execute_script(script)
    return found


def wait_for(chrome: Chrome, what: str, condition: Any) -> None:
    WebDriverWait(chrome, PATIENCE_S, 0.05).until(condition, what)


@pytest.mark.parametrize("index", [0, 2, 3])
def test_a_click_on_a_clause_plays_that_moment_and_stops_at_its_end(page: Chrome, index: int) -> None:
    clause = CLAUSES[index]
    button = page.find_elements(By.CSS_SELECTOR, "[data-clause] button")[index]

    button.click()

    wait_for(
        page, "sound from that clause", lambda d: state(d)["at"] > clause.start_s and not state(d)["paused"]
    )
    assert state(page)["at"] < clause.end_s
    assert state(page)["error"] is None
    assert "Playing from" in page.find_element(By.CLASS_NAME, "status").text
    now = page.find_elements(By.CSS_SELECTOR, "li.now")
    assert len(now) == 1
    assert clause.text in now[0].text
    page.execute_script("document.querySelector('audio').playbackRate = 4")
    wait_for(page, "its end", lambda d: state(d)["paused"])
    assert state(page)["at"] < clause.end_s + 2


def test_a_second_click_stops(page: Chrome) -> None:
    button = page.find_elements(By.CSS_SELECTOR, "[data-clause] button")[5]
    button.click()
    wait_for(page, "sound", lambda d: not state(d)["paused"])
    button.click()
    wait_for(page, "silence", lambda d: state(d)["paused"])
    # The page hears of the pause from an event of its own.
    wait_for(page, "no mark", lambda d: not d.find_elements(By.CSS_SELECTOR, ".playing"))


def test_the_status_follows_to_another_moment_while_it_plays(page: Chrome) -> None:
    def told(words: str) -> None:
        wait_for(
            page,
            words,
            lambda d: re.fullmatch(words, d.find_element(By.CLASS_NAME, "status").text) is not None,
        )
        assert not state(page)["paused"]

    buttons = page.find_elements(By.CSS_SELECTOR, "[data-clause] button")
    buttons[3].click()
    told(r"Playing from 0:24 to 0:31\.")
    buttons[0].click()
    told(r"Playing from 0:00 to 0:06\.")
    page.execute_script("document.querySelector('audio').currentTime = 20.5")
    told(r"Playing from 0:20\.")
    ActionChains(page).move_to_element(page.find_element(By.CSS_SELECTOR, ".axis")).click().perform()
    told(r"Playing from 0:5\d\.")


def test_the_axis_is_drawn_once_a_frame_however_long_it_plays(page: Chrome) -> None:
    """Of all that one frame asks for, every callback is given the same time."""
    page.execute_script(
        "const ask = window.requestAnimationFrame; const steps = new Map();"
        "window.most = 0; window.updates = 0;"
        "window.requestAnimationFrame = (step) => ask((at) => {"
        "  steps.set(at, (steps.get(at) || 0) + 1);"
        "  window.most = Math.max(window.most, steps.get(at));"
        "  step(at);"
        "});"
        "document.querySelector('audio').addEventListener('timeupdate', () => { window.updates += 1; });"
    )
    page.find_elements(By.CSS_SELECTOR, "[data-clause] button")[5].click()

    wait_for(page, "a second and more of it", lambda d: d.execute_script("return window.updates") >= 6)
    assert page.execute_script("return window.most") == 1


def test_the_keyboard_plays_too(page: Chrome) -> None:
    button = page.find_elements(By.CSS_SELECTOR, ".points button")[0]
    page.execute_script("arguments[0].focus()", button)
    button.send_keys(" ")
    wait_for(page, "sound", lambda d: not state(d)["paused"])


def test_the_sound_inside_is_the_recording(page: Chrome) -> None:
    """Decoded by the browser itself: as long as the take, and as loud at the same moments."""
    script = """
        const done = arguments[0];
        const data = document.querySelector('audio').src.split(',')[1];
        const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
        new OfflineAudioContext(1, 1, 16000).decodeAudioData(bytes.buffer).then((sound) => {
            const x = sound.getChannelData(0), tenth = 1600, out = [];
            for (let i = 0; i + tenth <= x.length; i += tenth) {
                let sum = 0;
                for (let j = i; j < i + tenth; j++) sum += x[j] * x[j];
                out.push(Math.sqrt(sum / tenth));
            }
            done({length: sound.duration, loud: out});
        }, (error) => done({error: String(error)}));
    """
    heard = page.execute_async_script(script)
    clip = decode(SPOKEN)
    samples = clip.as_float32()
    ours = [float((samples[i : i + 1600] ** 2).mean() ** 0.5) for i in range(0, len(samples) - 1599, 1600)]

    assert heard["length"] == pytest.approx(clip.duration_s, abs=0.15)
    count = min(len(ours), len(heard["loud"]))
    mean_error = sum(abs(a - b) for a, b in zip(ours[:count], heard["loud"][:count], strict=True)) / count
    assert mean_error < 0.1 * sum(ours) / len(ours)


def test_a_click_on_the_axis_plays_from_there(page: Chrome) -> None:
    axis = page.find_element(By.CSS_SELECTOR, ".axis")
    ActionChains(page).move_to_element(axis).click().perform()
    wait_for(page, "the middle", lambda d: state(d)["at"] > 50 and not state(d)["paused"])
    assert page.find_element(By.CSS_SELECTOR, ".axis .head").get_attribute("x1") != "0%"


def test_nothing_is_fetched_and_nothing_refused(page: Chrome) -> None:
    page.find_elements(By.CSS_SELECTOR, "[data-clause] button")[0].click()
    wait_for(page, "sound", lambda d: state(d)["at"] > CLAUSES[0].start_s)

    assert requested(network_events(page)) == [page.current_url]
    assert console(page) == []


def test_the_policy_refuses_what_a_page_would_load(chrome: Chrome, tmp_path: Path) -> None:
    """Shows that the test above can fail: the same page with something to load in it."""
    text = render([take(spoken=False)], "x").replace("</main>", "<img src='http://127.0.0.1:9/x.png'></main>")
    opened(chrome, tmp_path, text)
    assert any("Content Security Policy" in line for line in console(chrome))


def test_markup_that_somebody_said_does_nothing(chrome: Chrome, tmp_path: Path) -> None:
    opened(chrome, tmp_path, render([hostile_take()], HOSTILE))

    assert chrome.title == HOSTILE
    assert chrome.find_elements(By.TAG_NAME, "img") == []
    assert chrome.find_element(By.TAG_NAME, "h1").text == HOSTILE
    assert requested(network_events(chrome)) == [chrome.current_url]
    assert console(chrome) == []


def test_a_tick_at_the_very_end_does_not_stick_out(chrome: Chrome, tmp_path: Path) -> None:
    card = replace(take().card, duration_s=90.0)
    opened(chrome, tmp_path, render([replace(take(), card=card)], "x"))
    show_on(chrome, PHONE)
    edges = chrome.execute_script(
        "return [...document.querySelectorAll('.axis > text')].map((t) => t.getBoundingClientRect().right)"
    )
    assert max(edges) <= PHONE[0] - 8


@pytest.mark.parametrize("hostile", [False, True])
@pytest.mark.parametrize("size", [PHONE, (320, 600), DESKTOP])
def test_it_needs_no_sideways_scroll(
    chrome: Chrome, tmp_path: Path, size: tuple[int, int], hostile: bool
) -> None:
    opened(chrome, tmp_path, render([hostile_take() if hostile else take()], "x"))
    show_on(chrome, size)

    inner, full = chrome.execute_script("return [innerWidth, document.documentElement.scrollWidth]")
    assert inner == size[0]
    assert full <= inner
    for button in chrome.find_elements(By.CSS_SELECTOR, "button.said"):
        assert button.size["height"] >= 44, "a finger must hit it"


def test_dark_and_light_follow_the_reader(page: Chrome) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        grounds.append(page.execute_script("return getComputedStyle(document.body).backgroundColor"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(20, 23, 26)"]


def test_it_prints(page: Chrome) -> None:
    printed = page.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    pdf = base64.b64decode(printed["data"])

    assert pdf.startswith(b"%PDF-")
    assert 1 <= pdf.count(b"/Type /Page\n") <= 6
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not page.find_element(By.CLASS_NAME, "player").is_displayed()
    assert page.find_element(By.CLASS_NAME, "axis").is_displayed()
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_screen_reader_is_told_what_each_thing_is(page: Chrome) -> None:
    page.execute_cdp_cmd("Accessibility.enable", {})
    nodes = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    ]

    buttons = [name for role, name in named if role == "button" and "Play from" in name]
    assert any(name.startswith("Play from 0:00") and CLAUSES[0].text in name for name in buttons)
    assert next(name for role, name in named if role == "heading") == "Handling imbalanced data"
    assert ("image", "Time axis; the list below it says the same in words.") in named
    assert {"main", "contentinfo", "status", "Audio"} <= {role for role, _ in named}
