// One key per step: a letter presses the button that shows it.

const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;

async function give(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { "X-CSRFToken": token, accept: "application/json" },
    body: new FormData(form),
  });
  const told = await answer.json().catch(() => ({}));
  if (told.said && !document.querySelector("[data-room]")) location.reload();
  document.dispatchEvent(new CustomEvent("say", { detail: told.said ?? "" }));
  const line = document.querySelector("[data-said]");
  if (line) {
    line.textContent = told.error ?? "";
    line.hidden = !told.error;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-command]");
  if (!form || !token) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  give(form);
}, true);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.matches("input, textarea, select")) return;
  const form = document.querySelector(`form[data-command="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

function tick() {
  for (const one of document.querySelectorAll("[data-seconds]")) {
    one.since ??= performance.now();
    const left = one.dataset.seconds - Math.round((performance.now() - one.since) / 1000);
    const away = Math.abs(left);
    const text = `${left < 0 ? "+" : ""}${Math.floor(away / 60)}:${String(away % 60).padStart(2, "0")}`;
    if (one.textContent !== text) one.textContent = text;
    one.classList.toggle("is-over", left < 0);
  }
}

setInterval(tick, 1000);
new MutationObserver(tick).observe(document.body, { childList: true, subtree: true });
tick();
