"""What the first view costs on a phone: Lighthouse's mobile profile, set through the browser's own protocol."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser

PROFILE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
"""A round trip of 150 ms, 1.6 Mbit/s down, 750 kbit/s up."""
CPU_SLOWDOWN = 4
WATCH = """new MutationObserver((_, watching) => {
  if (document.querySelector("[data-player]")) { window.drawn = performance.now(); watching.disconnect(); }
}).observe(document, {childList: true, subtree: true})"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


@dataclass(frozen=True)
class FirstView:
    """Bytes over the wire (heads too), answers, and milliseconds to the first text and to the first games' rows."""

    bytes: int
    answers: int
    painted: float
    drawn: float


def first_view(browser: Browser, address: str) -> FirstView:
    """Open the page in a browser that knows nothing yet, and wait for the slate's rows."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", PROFILE)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    received: list[int] = []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_selector("[data-player]")
    found = FirstView(sum(received), len(received), page.evaluate(PAINTED), page.evaluate("window.drawn"))
    context.close()
    return found
