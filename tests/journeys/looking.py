"""What is asked of every page, whatever it is about; each check says in words what is wrong."""

from __future__ import annotations

from playwright.sync_api import Page

FIRST_TAB = """() => {
  const found = document.activeElement;
  const goal = found?.getAttribute("href") ?? "";
  return goal.startsWith("#") && goal.length > 1 && !!document.querySelector(goal)
    ? "" : (found?.outerHTML ?? "nothing").slice(0, 120);
}"""

# The first thing that can have the focus; where scripts have moved the focus, Tab would not begin at the top.
FIRST_IN_ORDER = """() => {
  const found = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .find((one) => one.tabIndex >= 0 && !one.disabled && one.type !== "hidden");
  return found?.matches("a.skip") ? "" : (found?.outerHTML ?? "nothing").slice(0, 120);
}"""

OUT_OF_ORDER = """() => [...document.querySelectorAll("[tabindex]")].filter((one) => one.tabIndex > 0)
  .map((one) => one.outerHTML.slice(0, 120))"""

# WCAG 2.5.8 (24 px, or as much room around; links within a sentence are exempt), and 44 px for buttons and fields.
SMALL = """() => {
  const said = [];
  const shown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const box = (one) => {
    const small = one.matches("[type=radio], [type=checkbox]");
    const whole = small && (one.closest(".choice, .check, label") ?? one.labels[0]);
    return (whole || one).getBoundingClientRect();
  };
  const words = (one) => one.innerText.trim().length;
  const inline = (one) => one.matches("a") && getComputedStyle(one).display === "inline"
    && (words(one.parentElement) > words(one) || one.matches(":is(h1, h2, h3, h4) a"));
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => shown(one) && !one.matches(".skip, .visually-hidden") && !one.matches(".visually-hidden *"))
    .map((one) => ({ one, area: box(one) })).filter(({ area }) => area.width > 1 && area.height > 1);
  const apart = ({ one, area }) => {
    const x = area.left + area.width / 2, y = area.top + area.height / 2;
    return all.every(({ one: other, area: there }) => other === one || there === area
      || Math.hypot(Math.max(there.left - x, 0, x - there.right), Math.max(there.top - y, 0, y - there.bottom)) >= 12);
  };
  for (const { one, area } of all) {
    const size = `${Math.round(area.width)} × ${Math.round(area.height)}: ${one.outerHTML.slice(0, 110)}`;
    const must = one.matches("button, .button, summary, select, textarea, input") && !one.matches(".stretch");
    const under = (most) => area.height < most - .5 || area.width < most - .5;
    if (must && under(44)) said.push(`under 44 px: ${size}`);
    else if (!inline(one) && under(24) && !apart({ one, area })) said.push(`under 24 px: ${size}`);
  }
  return said;
}"""


# The policy lets no inline style or script through; what tried to is kept before anything else looks at the page.
WATCH_POLICY = """addEventListener("securitypolicyviolation", (event) => {
  (window.refusedByPolicy ??= []).push(`${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`);
});"""


def faults(page: Page, lang: str) -> list[str]:
    """What is wrong with a page that has been opened and not yet touched."""
    said = [f"refused by the policy: {one}" for one in page.evaluate("window.refusedByPolicy ?? []")]
    found = page.evaluate("document.documentElement.lang")
    if found != lang:
        said.append(f"the language is {found!r}, not {lang!r}")
    headings = page.locator("h1").count()
    if headings != 1:
        said.append(f"{headings} first headings")
    if not page.title().strip():
        said.append("no title")
    moved = page.evaluate("document.activeElement !== document.body")
    if not moved:
        page.keyboard.press("Tab")
    wrong = page.evaluate(FIRST_IN_ORDER if moved else FIRST_TAB)
    if wrong:
        said.append(f"the way past the masthead is not first: {wrong}")
    if not moved:
        page.evaluate("document.activeElement.blur()")
    said += [f"takes the focus out of order: {one}" for one in page.evaluate(OUT_OF_ORDER)]
    return said + sideways(page) + page.evaluate(SMALL)


def sideways(page: Page) -> list[str]:
    """Whether the page is wider than the window, and what sticks out."""
    out = page.evaluate("""() => {
      const wide = document.documentElement.clientWidth;
      const over = document.documentElement.scrollWidth - wide;
      if (over <= 0) return "";
      const one = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > wide + 1);
      return `${over} px too wide: ${one?.outerHTML.slice(0, 120) ?? ""}`;
    }""")
    return [out] if out else []
