"""How does a test work with a builder on the page?"""

from __future__ import annotations

import time

from playwright.sync_api import expect


def settled(locator):
    """Where something is once it no longer moves."""
    before, now = None, locator.bounding_box()
    while now != before:
        locator.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        before, now = now, locator.bounding_box()
    return now


class BuilderPage:
    """A builder on the page."""

    def __init__(self, notebook, cell=0, nth=0):
        self.page = notebook.page
        self.root = notebook.cell(cell).locator(".ivb").nth(nth)
        expect(self.root.locator(".ivb-source").first).to_be_visible()
        expect(self.root.locator(".ivb-row-phase").first).to_be_visible()
        self.root.evaluate("element => element.scrollIntoView({block: 'end'})")

    @property
    def rows(self):
        return self.root.locator(".ivb-row")

    @property
    def steps(self):
        return self.root.locator(".ivb-row-step")

    @property
    def form(self):
        return self.root.locator(".ivb-form")

    def source(self, key):
        return self.root.locator(f'[data-source="{key}"]')

    def step(self, text):
        return self.root.locator("[data-step]", has_text=text)

    def reads(self, *sentences):
        """Wait until the steps read so."""
        expect(self.root.locator(".ivb-row-step .ivb-sentence")).to_have_text(sentences, use_inner_text=True)

    def drag(self, source, target, *, part=0.5, indent=40):
        """Drag with the mouse to a part of a row's height, and px from its left; wait until something new is a step."""
        before, new = self.steps.count(), source.get_attribute("data-source") is not None
        source.scroll_into_view_if_needed()
        target.scroll_into_view_if_needed()
        start, end = settled(source), settled(target)
        left, middle = start["x"] + min(60, start["width"] / 2), start["y"] + start["height"] / 2
        self.page.mouse.move(left, middle)
        self.page.mouse.down()
        self.page.mouse.move(left + 12, middle + 6, steps=3)
        self.page.mouse.move(end["x"] + indent, end["y"] + end["height"] * part, steps=10)
        line = self.root.locator(".ivb-drop-line")
        deadline = time.monotonic() + 60
        while True:  # the canvas may have scrolled under the mouse, and a late page may not have heard of it yet
            end = settled(target)
            self.page.mouse.move(end["x"] + indent + 2, end["y"] + end["height"] * part)
            self.page.mouse.move(end["x"] + indent, end["y"] + end["height"] * part, steps=2)
            settled(target)
            if line.is_visible() and target.bounding_box() == end:
                break
            assert time.monotonic() < deadline, f"no place to drop shows at {end}"
        self.page.mouse.up()
        expect(line).to_have_count(0)
        if new:
            expect(self.steps).to_have_count(before + 1)

    def fill(self, field, text, *, choice=None):
        """Choose where a value comes from, and type it."""
        box = self.form.locator(f'[data-field="{field}"]')
        typed = box.locator("input:not([type=checkbox])").first
        if choice is not None:
            box.get_by_role("radio", name=choice, exact=True).click()
            expect(box.get_by_role("radio", name=choice, exact=True)).to_be_checked()
        if choice == "# At run":
            expect(typed).to_have_value(field)  # the kernel proposes the parameter's own name
        typed.fill(text)

    def says(self):
        return self.root.locator(".ivb-heard[role=status]")

    def empty(self, phase):
        return self.root.locator(f"#ivb-empty_{phase}_")
