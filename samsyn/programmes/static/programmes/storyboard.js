// The board begins at the chapter we are in. Those who plan drag a card to another place: that posts what the card's
// own menu posts, and without scripts the menu does the same.

const board = document.querySelector(".storyboard");
const form = document.getElementById("do");
let dragged = null;

for (const card of form ? board?.querySelectorAll(".card[data-path]") ?? [] : []) {
  card.draggable = true;
  for (const link of card.querySelectorAll("a")) link.draggable = false;
}

function clear() {
  for (const name of ["is-before", "is-after", "is-target"]) {
    for (const element of document.querySelectorAll(`.${name}`)) element.classList.remove(name);
  }
}

/** The list under the pointer and the place in it, the dragged card not counted. */
function placeAt(event) {
  const frame = event.target.closest?.(".frame");
  const list = frame?.querySelector("[data-frame]");
  if (!list) return null;
  const others = [...list.querySelectorAll(".card")].filter((card) => card !== dragged);
  const next = others.findIndex((card) => {
    const box = card.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  return { list, others, to: next < 0 ? others.length : next };
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".card[data-path]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector("h3").textContent);
  card.classList.add("is-dragged");
});

document.addEventListener("dragover", (event) => {
  const place = dragged && placeAt(event);
  if (!place) return;
  event.preventDefault();
  clear();
  if (place.to < place.others.length) place.others[place.to].classList.add("is-before");
  else if (place.others.length) place.others.at(-1).classList.add("is-after");
  else place.list.classList.add("is-target");
});

document.addEventListener("drop", (event) => {
  const place = dragged && placeAt(event);
  if (!place) return;
  event.preventDefault();
  form.action = `${dragged.dataset.path}move/`;
  form.elements.frame.value = place.list.dataset.frame;
  form.elements.to.value = place.to;
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  clear();
});

// After a move the page comes back at the card: its menu takes the focus, so that one can go on. (The browser moves
// the focus to the address's own place when the page has loaded, so wait for that.)
const moved = location.hash.startsWith("#a-") ? document.getElementById(location.hash.slice(1)) : null;
const now = moved?.closest(".frame") ?? board?.querySelector(".frame.is-now");
if (now) board.scrollLeft = now.offsetLeft - board.querySelector(".frame").offsetLeft;
if (moved) addEventListener("load", () => setTimeout(() => moved.querySelector("summary")?.focus({ preventScroll: true })));
