"""Does the status bar show and command the run of the current notebook, also while a cell blocks?"""

from __future__ import annotations


def test_the_extension_loads_without_an_error_and_asks_for_nothing_outside(lab):
    errors, requests = [], []
    lab.page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    lab.page.on("pageerror", lambda error: errors.append(str(error)))
    lab.page.on("request", lambda request: requests.append(request.url))
    lab.open("1 + 1").run(0)
    assert lab.page.evaluate("() => window.jupyterapp.hasPlugin('ivoryos-jupyter:plugin')")
    assert lab.page.evaluate("() => window.jupyterapp.isPluginActivated('ivoryos-jupyter:plugin')")
    assert errors == []
    assert [url for url in requests if not url.startswith((lab.server.url, "data:", "blob:"))] == []
