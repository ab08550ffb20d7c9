// What this browser has written is kept here, since a server without names cannot tell whose a card is; the dots that
// are left are counted; those who arrange cards drag them, which sends the form below the board.

import { drag, prepare } from "../ui/js/drag.js";

const list = document.querySelector("[data-own]");
const fresh = document.querySelector("[data-own-text]");
const ballot = document.querySelector("[data-ballot]");
const cards = "[data-card]";

function own(more) {
  const name = `samsyn.own.${list.dataset.own}`;
  let texts = [];
  try {
    texts = [...new Set([...JSON.parse(localStorage.getItem(name) ?? "[]"), ...more])];
    localStorage.setItem(name, JSON.stringify(texts));
  } catch { /* nothing is kept */ }
  list.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  list.parentElement.hidden = !texts.length;
}

if (list) {
  own(fresh ? [fresh.textContent] : []);
  document.querySelector("[data-own-forget]").addEventListener("click", () => {
    localStorage.removeItem(`samsyn.own.${list.dataset.own}`);
    own([]);
  });
}

function countLeft() {
  const line = ballot.querySelector("[data-left]");
  const placed = [...ballot.querySelectorAll("select")].reduce((sum, one) => sum + Number(one.value), 0);
  const left = ballot.dataset.ballot - placed;
  line.hidden = false;
  line.textContent = `${left < 0 ? line.dataset.over : line.dataset.words} ${Math.abs(left)}`;
}

if (ballot) {
  ballot.addEventListener("change", countLeft);
  countLeft();
}

function placeAt(event, dragged) {
  const card = event.target.closest?.(cards);
  const on = card && card !== dragged && !card.closest(".bunch") ? card : event.target.closest?.("[data-to]");
  return on && { on, sign: "is-target" };
}

function drop(dragged, { on }) {
  const form = document.getElementById("arrange");
  const { card, to } = on.dataset;
  for (const box of document.querySelectorAll("[name=cards]")) box.checked = [dragged.dataset.card, card].includes(box.value);
  form.elements.to.value = to ?? "new";
  if (card) form.elements.name.value ||= on.querySelector("label").textContent.slice(0, 60);
  form.requestSubmit();
}

const arrive = () => prepare(document.querySelectorAll(cards), "#card-");
drag((event) => event.target.closest?.(cards), placeAt, drop);
document.addEventListener("htmx:afterSwap", arrive);
arrive();
