// Keeps an answer in this browser until the server has it: through a lost connection, an error there, a closed tab.
// Sending it twice is the same as once. Moves the focus to a new card.

const STORE = `samsyn.unsent:${location.pathname}`;
const LONGEST = 60_000;
let pause = 2_000, timer = 0;

function kept() {
  try { return JSON.parse(localStorage.getItem(STORE)); } catch { return null; }
}

function keep(answer) {
  try {
    if (answer) localStorage.setItem(STORE, JSON.stringify(answer));
    else localStorage.removeItem(STORE);
  } catch { /* no store: the answer lives as long as the page */ }
}

const isVote = (event) => /\/vote\/[^/]+\/$/.test(event.detail.path ?? event.detail.requestConfig?.path ?? "");

function tell(waiting) {
  const notice = document.querySelector("[data-unsent]");
  if (notice) notice.hidden = !waiting;
}

function sendAgain() {
  clearTimeout(timer);
  const answer = kept();
  const token = document.querySelector("#card [name=csrfmiddlewaretoken]")?.value;
  if (!answer || !token || document.querySelector("#card .htmx-request, #card.htmx-request")) return;
  const source = document.querySelector("[data-vote]") ?? document.querySelector("#card");
  const values = { value: answer.value, csrfmiddlewaretoken: token };
  if (answer.important) values.important = answer.important;
  window.htmx.ajax("POST", answer.path, { source, target: "#card", swap: "outerHTML", values });
}

window.htmx.config.timeout = 15_000;

document.addEventListener("htmx:configRequest", (event) => {
  if (!isVote(event)) return;
  const { path, parameters } = event.detail;
  // What is sent again takes its values from the store, not from whatever the form shows by then.
  const again = event.detail.triggeringEvent ? null : kept();
  if (again?.path === path) {
    parameters.value = again.value;
    if (again.important) parameters.important = again.important;
    else delete parameters.important;
  }
  keep({ path, value: parameters.value, important: parameters.important ?? "" });
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (!isVote(event)) return;
  const { successful, xhr } = event.detail;
  if (successful) {
    keep(null);
    pause = 2_000;
  } else if (xhr.status >= 400 && xhr.status < 500) {
    keep(null);
    location.reload();
  } else {
    tell(true);
    timer = setTimeout(sendAgain, pause);
    pause = Math.min(pause * 2, LONGEST);
  }
});

addEventListener("online", sendAgain);
addEventListener("focus", sendAgain);
if (kept()) {
  tell(true);
  sendAgain();
}

document.addEventListener("htmx:afterSwap", () => {
  document.querySelector("#card [data-arrive]")?.focus({ preventScroll: true });
  scrollTo(0, 0);
});
