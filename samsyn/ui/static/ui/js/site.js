// Small helps for every page; each page works without them. No part of it keeps or sends anything.

const words = document.body.dataset;

/** Say a short text in the page's one status line; other scripts dispatch "say" with the text as detail. */
function announce(text) {
  const line = document.querySelector("[data-announce]");
  if (!line) return;
  line.textContent = "";
  setTimeout(() => { line.textContent = text; }, 50);
}

document.addEventListener("say", (event) => announce(event.detail));

/** Lead the eye to what has to be put right. */
function toErrors(root) {
  root.querySelector(".error-summary")?.focus();
}

/** [data-copy]: copy the given text; [data-print]: print. Both are hidden until scripts run. */
function showButtons(root) {
  for (const button of root.querySelectorAll("[data-copy][hidden], [data-print][hidden]")) button.hidden = false;
}

async function copy(button) {
  const source = button.dataset.copy;
  const text = source.startsWith("#") ? document.querySelector(source)?.textContent.trim() ?? "" : source;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyOldWay(text)) return;
  }
  const label = button.querySelector("span") ?? button;
  const before = label.dataset.before ?? label.textContent;
  label.dataset.before = before;
  label.textContent = words.copied;
  announce(words.copied);
  setTimeout(() => { label.textContent = before; }, 2500);
}

/** Where the page is not served over https there is no clipboard; a selection still copies. */
function copyOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** [data-guard]: ask before a form with unsent words is left. */
const dirty = new Set();

function guard(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) {
    if (document.querySelector(".error-summary")) dirty.add(form);
  }
}

addEventListener("beforeunload", (event) => {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form);
  if (dirty.size) event.preventDefault();
});

/** One form, one sending: a second press while the first is on its way does nothing. */
const sending = new Set();

function release(form) {
  sending.delete(form);
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) {
    dirty.delete(form); // sent by htmx
    return;
  }
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  dirty.delete(form);
  if (form.method !== "post" || form.target) return;
  sending.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(release, 10_000, form); // a download never leaves the page
});

addEventListener("pageshow", () => { for (const form of [...sending]) release(form); });

/** [data-count]: how many characters are left of maxlength; said aloud when few are left and the typing rests. */
function count(root) {
  for (const input of root.querySelectorAll("[data-count][maxlength]")) {
    const most = Number(input.getAttribute("maxlength"));
    input.removeAttribute("maxlength"); // let people write on and cut afterwards; the server checks
    const line = document.createElement("p");
    line.className = "hint count";
    line.id = `${input.id}_count`;
    input.after(line);
    input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${line.id}`.trim());
    let rest;
    const tell = () => {
      const left = most - input.value.replace(/\r?\n/g, "\r\n").length;
      line.textContent = (left < 0 ? words.over : words.left).replace("{n}", Math.abs(left));
      line.classList.toggle("is-over", left < 0);
      clearTimeout(rest);
      if (left < most / 5) rest = setTimeout(announce, 1200, line.textContent);
    };
    input.addEventListener("input", tell);
    tell();
    clearTimeout(rest);
  }
}

/** details.menu: one open at a time; closed by Escape, by a press outside and when the focus has left it. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => {
  closeMenus(event.target.closest("details.menu"));
  const button = event.target.closest("[data-copy], [data-print]");
  if (button?.matches("[data-copy]")) copy(button);
  else if (button) window.print();
});

document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll("li a, li button")];
  const here = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    items.at((here + (event.key === "ArrowDown" ? 1 : here < 0 ? 0 : -1)) % items.length)?.focus();
  }
});

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) dirty.add(form);
});

/** What has just come into the page, at first or by htmx. */
function arrive(root) {
  showButtons(root);
  count(root);
  guard(root);
  toErrors(root);
}

arrive(document);
document.addEventListener("htmx:afterSwap", (event) => arrive(event.detail.elt));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) release(form);
});
