// The live room: shows what the stream says, part by part; keeps what could not be sent, and sends it again.

const find = (what) => document.querySelector(what);
const room = find("[data-room]");
const base = room.dataset.room;
const view = room.dataset.view;
const query = `view=${view}&lang=${document.documentElement.lang}`;
const QUEUE = `samsyn.queue.${base}`;
const SENT = `samsyn.sent.${base}`;

function load(name, otherwise) {
  try { return JSON.parse(localStorage.getItem(name)) ?? otherwise; } catch { return otherwise; }
}

function store(name, value) {
  try { localStorage.setItem(name, JSON.stringify(value)); } catch {}
}

const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

let queue = load(QUEUE, []);
const sent = load(SENT, {});

function part(name) {
  return find(`[data-part="${CSS.escape(name)}"]`);
}

function isWrittenIn(place) {
  const field = document.activeElement;
  const writes = place.contains(field) && field.matches("textarea, input:not([type=radio], [type=checkbox], [type=hidden])");
  return writes || [...place.querySelectorAll("textarea, input[type=text]")].some((one) => one.value !== one.defaultValue && one.value);
}

const waiting = new Map();

function put(name, html) {
  const place = part(name);
  if (!place) return;
  if (isWrittenIn(place)) {
    const other = document.createElement("template");
    other.innerHTML = html;
    const mine = place.querySelector("form[data-send]")?.dataset.send;
    if (other.content.querySelector(`form[data-send="${CSS.escape(mine ?? "")}"]`)) {
      waiting.set(name, html);
      return;
    }
  }
  waiting.delete(name);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.innerHTML = html;
  recall(place);
  deal();
  showOwn(place);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function arrange(names) {
  for (const one of room.querySelectorAll(":scope > [data-part]")) if (!names.includes(one.dataset.part)) one.remove();
  let after = null;
  for (const name of [...names].reverse()) {
    let place = part(name);
    if (!place) {
      place = document.createElement("div");
      place.dataset.part = name;
    }
    if (place.parentNode !== room || place.nextElementSibling !== after) room.insertBefore(place, after);
    after = place;
  }
}

const shown = new Map();

function show(told) {
  if (told.all && view === "phone") arrange(Object.keys(told.parts));
  for (const [name, html] of Object.entries(told.parts)) {
    if (shown.get(name) === html) continue;
    put(name, html);
    if (waiting.has(name)) shown.delete(name); else shown.set(name, html);
  }
}

document.addEventListener("focusout", () => setTimeout(() => {
  for (const [name, html] of waiting) put(name, html);
}, 200));

let stream;
let failures = 0;
let looking;

function connected(yes) {
  const line = find("[data-connection]");
  if (line) [line.hidden, line.textContent] = [yes, yes ? "" : room.dataset.lost];
}

function listen() {
  stream?.close();
  stream = new EventSource(`${base}stream?${query}`);
  stream.addEventListener("show", (event) => {
    failures = 0;
    clearInterval(looking);
    looking = undefined;
    connected(true);
    show(JSON.parse(event.data));
    sendQueue();
  });
  stream.addEventListener("error", () => {
    failures += 1;
    connected(failures < 2);
    if (stream.readyState === 2) setTimeout(comeBack, Math.min(500 * 2 ** failures, 8000) * (0.5 + Math.random()));
    if (failures > 3 && !looking) looking = setInterval(look, 3000);
  });
}

async function comeBack() {
  await look();
  listen();
}

async function look() {
  try {
    const answer = await fetch(`${base}state?${query}`, { headers: { accept: "application/json" } });
    const told = await answer.json();
    if (answer.status === 403 && told.entrance) location.assign(told.entrance);
    if (!answer.ok) return;
    connected(true);
    show(told);
    sendQueue();
  } catch { connected(false); }
}

function voterKey(activity) {
  const name = `samsyn.voter.${activity}`;
  const key = load(name, null) ?? random();
  store(name, key);
  return key;
}

function valuesOf(form, button) {
  const data = new FormData(form);
  if (button?.name) data.set(button.name, button.value);
  const values = {};
  for (const [name, value] of data) values[name] = name in values ? `${values[name]},${value}` : value;
  return values;
}

function mark(form, state) {
  form.querySelector("[data-error]")?.remove();
  for (const one of form.querySelectorAll("[data-sent], [data-unsent]")) {
    one.hidden = state !== (one.matches("[data-sent]") ? "sent" : "unsent");
  }
}

function recall(root) {
  for (const form of root.querySelectorAll("form[data-send]:not([data-send-once])")) {
    const values = sent[form.dataset.send];
    if (!values) continue;
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || !(field.name in values)) continue;
      const said = values[field.name].split(",");
      if (field.type === "radio" || field.type === "checkbox") field.checked = said.includes(field.value);
      else if (field.type === "submit") field.setAttribute("aria-pressed", String(said.includes(field.value)));
      else field.value = values[field.name];
    }
    mark(form, queue.some((one) => one.name === form.dataset.send) ? "unsent" : "sent");
  }
}

let dealt;
let coming;

function deal(again) {
  const form = find("form[data-deal]");
  if (!form) return;
  const every = [...form.querySelectorAll("input[type=radio]")];
  const { send } = form.dataset;
  if (again) {
    const last = Object.keys(sent).findLast((name) => name.startsWith(send));
    dealt = last?.slice(send.length);
    delete sent[last];
  }
  const left = every.filter((one) => !(send + one.value in sent));
  const at = (id) => left.find((one) => one.value === id);
  const next = at(dealt) ?? at(coming) ?? left[Math.floor(left.length * Math.random())];
  if (dealt !== next?.value) form.reset();
  dealt = next?.value;
  if (next) next.checked = true;
  form.dataset.todo = left.length;
  form.dataset.done = form.querySelector("[data-count]").textContent = every.length - left.length;
}

addEventListener("click", (event) => event.target.closest("[data-again]") && deal(true));

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-send]");
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const values = valuesOf(form, event.submitter);
  const once = "sendOnce" in form.dataset;
  const name = form.dataset.send + (values[form.dataset.deal] ?? "");
  if (once) {
    if (queue.some((other) => other.name === name && other.values.text === values.text)) return;
    values.post_key = random();
  } else {
    queue = queue.filter((one) => one.name !== name);
    sent[name] = values;
    store(SENT, sent);
    deal();
    values.then = dealt ?? "";
  }
  queue.push({ name, form: form.dataset.send, values: { ...values, key: voterKey(values.activity) }, once, id: random() });
  store(QUEUE, queue);
  mark(form, "unsent");
  sendQueue();
}, true);

let sending = false;

async function sendQueue() {
  if (sending) return;
  sending = true;
  while (queue.length) {
    const one = queue[0];
    let answer;
    try {
      answer = await fetch(`${base}send`, {
        method: "POST",
        headers: { accept: "application/json" },
        body: new URLSearchParams(one.values),
      });
    } catch { break; }
    let told = {};
    try { told = await answer.json(); } catch {}
    if (answer.status === 403 && told.entrance) { location.assign(told.entrance); break; }
    if (answer.status === 429 || answer.status >= 500) { setTimeout(sendQueue, 1000 + 2000 * Math.random()); break; }
    queue = queue.filter((other) => other.id !== one.id);
    store(QUEUE, queue);
    done(one, answer.ok ? told : { error: told.error || room.dataset.failed, field: told.field });
  }
  sending = false;
}

function done(one, told) {
  const form = find(`form[data-send="${CSS.escape(one.form)}"]`);
  coming = told.next ?? coming;
  document.dispatchEvent(new CustomEvent("say", { detail: told.error ? "" : room.dataset.kept }));
  if (told.error) {
    delete sent[one.name];
    store(SENT, sent);
    deal();
    if (form) complain(form, told);
    return;
  }
  if (told.receipt) {
    const words = keepReceipt(told.receipt);
    const { activity, post_key, key } = one.values;
    queue.push({ name: "receipt", values: { activity, post_key, do: "receipt", words, key }, once: true, id: random() });
    store(QUEUE, queue);
  }
  if (form) {
    mark(form, one.once ? "" : "sent");
    if (one.once && form.elements.text?.value === one.values.text) form.reset();
  }
  if (one.once) keepOwn(one);
}

function complain(form, told) {
  mark(form, "");
  const line = document.createElement("p");
  line.className = "field-error";
  line.dataset.error = "";
  line.setAttribute("role", "alert");
  line.textContent = told.error;
  const field = told.field && form.elements[told.field];
  const place = field?.closest?.(".field");
  if (place) place.prepend(line); else form.append(line);
  field?.focus?.();
  line.scrollIntoView({ block: "nearest" });
}

function keepOwn({ name, values: { text } }) {
  if (!text || !find(`[data-own="${CSS.escape(name)}"]`)) return;
  store(`samsyn.own.${name}`, [...new Set(load(`samsyn.own.${name}`, [])).add(text)]);
  showOwn(document);
}

function showOwn(root) {
  for (const list of root.querySelectorAll("[data-own]")) {
    const texts = load(`samsyn.own.${list.dataset.own}`, []);
    list.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    list.parentElement.hidden = !texts.length;
  }
}

function keepReceipt(drawn) {
  let words = drawn;
  try {
    words = localStorage.getItem("samsyn.receipt") ?? drawn;
    localStorage.setItem("samsyn.receipt", words);
  } catch {}
  for (const place of document.querySelectorAll("[data-receipt-shown]")) {
    place.hidden = false;
    place.querySelector("[data-receipt-text]").textContent = words;
  }
  return words;
}

recall(document);
deal();
showOwn(document);
listen();
setInterval(() => fetch(`${base}ticket`).catch(() => {}), 240_000 + 60_000 * Math.random());
addEventListener("online", () => { sendQueue(); listen(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && stream.readyState === 2) comeBack(); });
setInterval(sendQueue, 5000);
