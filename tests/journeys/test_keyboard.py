"""Without a mouse: a question is asked and answered, an activity opened, with Tab, Enter, Space and arrows alone."""

from __future__ import annotations

import re

import pytest

WAYS = [("sv", 360), ("en", 1280)]
MOST_TABS = 250

NAME = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const label = one.labels?.[0] ?? one;
  const legend = one.type === "radio" ? one.closest("fieldset")?.querySelector("legend")?.innerText + ": " : "";
  const drawn = one.querySelector("[aria-label]")?.getAttribute("aria-label") ?? "";
  return legend + (one.getAttribute("aria-label") ?? (label.innerText.trim() || drawn));
}"""

# What has the focus is on the screen, and looks different from when it has not.
SEEN = """() => {
  const one = document.activeElement;
  const area = (one.closest(".choice, .check") ?? one).getBoundingClientRect();
  const on = area.bottom > 0 && area.top < innerHeight && area.right > 0 && area.left < innerWidth;
  const around = [one, one.closest(".choice, .row, .card, .door, .check"), one.parentElement].filter(Boolean);
  const marked = around.some((part) => ["", "::after"].some((pseudo) => {
    const look = getComputedStyle(part, pseudo || null);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  }));
  return [on, marked];
}"""


class Keyboard:
    """Hands that have only a keyboard."""

    def __init__(self, page) -> None:
        self.page = page

    def to(self, name: str, *, back: bool = False) -> None:
        """Tab on until what is named has the focus; it must be on the screen and look focused."""
        passed = []
        for _step in range(MOST_TABS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            here = self.page.evaluate(NAME)
            if here and re.search(name, here):
                on_screen, marked = self.page.evaluate(SEEN)
                assert on_screen, f"{here!r} has the focus outside the screen"
                assert marked, f"{here!r} does not look focused"
                return
            passed.append(here)
        raise AssertionError(f"{name!r} cannot be reached; passed {passed[:60]}")

    def press(self, name: str, key: str = "Enter") -> None:
        """Go there and press it; the page that follows has been loaded."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.type(text)


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}-{way[1]}")
def hands(request, site, open_hand):
    """A keyboard at the demo's front page, with the page in whose hand it is."""
    hand = open_hand(*request.param)
    hand.page.goto(site.url())
    return Keyboard(hand.page)


def test_a_question_is_asked(hands):
    hands.press("Svara som medarbetare|Answer as staff")
    hands.write("Din fråga|Your question", "Går det utan mus?")
    hands.press("Skicka frågan|Send the question", key="Space")
    assert hands.page.get_by_role(
        "heading", name=re.compile("Din fråga har kommit fram|Your question is in")
    ).is_visible()
    hands.press("Läs de andras frågor|Read the others")
    hands.to("^Jag håller med|^I agree")
    hands.page.keyboard.press("Space")
    hands.page.get_by_role("button", name=re.compile("^Du håller med|^You agree")).first.wait_for()
    assert re.search("^Du håller med|^You agree", hands.page.evaluate(NAME) or ""), "the focus stays on the button"


def test_a_question_is_answered(hands):
    hands.press(r"^(Led|Lead)\b")
    hands.press("Frågor om arbetsgruppernas utkast|Questions about the working groups")
    hands.press("^Svara och sortera|^Answer and sort")
    hands.press("^Inte besvarade än|^Not answered yet")
    hands.press(r"^(Svara|Answer)\s*:")
    hands.to("^(Hur avslutas den|How does it end)")
    for _down in range(4):
        if re.search("Besvarad skriftligt|Answered in writing", hands.page.evaluate(NAME)):
            break
        hands.page.keyboard.press("ArrowDown")
    assert hands.page.get_by_label(re.compile("Besvarad skriftligt|Answered in writing")).is_checked()
    hands.write("^Svenska$", "Ja, den 12 maj.")
    hands.press("^Spara svaret|^Save the answer")
    assert hands.page.get_by_role("heading", level=1).is_visible()
    hands.press("^Besvarade|^Answered")
    assert hands.page.get_by_text("Ja, den 12 maj.").first.is_visible()


def test_an_activity_is_opened(hands):
    hands.press("^Planera och genomför|^Plan and run")
    hands.press("Synpunkter från medarbetarna|Feedback from managers")
    hands.press("^Öppna$|^Open$")
    hands.press("^Öppna$|^Open$", key="Space")
    assert hands.page.get_by_text(re.compile("Öppet till och med|Open until")).first.is_visible()


def test_the_way_past_the_masthead(hands):
    hands.page.keyboard.press("Tab")
    assert re.search("Hoppa till innehållet|Skip to the content", hands.page.evaluate(NAME))
    hands.page.keyboard.press("Enter")
    assert hands.page.evaluate("document.activeElement.id") == "main"
    hands.to("I elva år|For eleven years|.")
    assert hands.page.evaluate("!!document.activeElement.closest('main')")


def test_a_menu_opens_and_closes_again(hands):
    hands.press("^Planera och genomför|^Plan and run")
    hands.press("Frågor om arbetsgruppernas utkast|Questions about the working groups")
    hands.press("^Svara och sortera|^Answer and sort")
    hands.to("^Mer om frågan|^More for this question")
    hands.page.keyboard.press("Enter")
    assert hands.page.locator("details.menu[open]").count() == 1
    hands.page.keyboard.press("Escape")
    assert hands.page.locator("details.menu[open]").count() == 0
    assert re.search("Mer om frågan|More for this question", hands.page.evaluate(NAME) or "")
