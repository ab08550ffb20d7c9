// Dragging, the same everywhere: what is taken up, where it would go, what is done when it is let go there.

const SIGNS = ["is-before", "is-after", "is-target"];
let dragged = null;

function point(place) {
  for (const name of SIGNS) document.querySelector(`.${name}`)?.classList.remove(name);
  place?.on?.classList.add(place.sign);
}

/**
 * `pick(event)`: the element that is taken up, if any. `placeAt(event, dragged)`: where the pointer is, `{on, sign}` and
 * what `drop(dragged, place)` needs, if it can be let go there.
 */
export function drag(pick, placeAt, drop) {
  document.addEventListener("dragstart", (event) => {
    dragged = pick(event);
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector("h2, h3, label")?.textContent ?? "");
    dragged.classList.add("is-dragged");
  });
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => {
      const place = dragged && placeAt(event, dragged);
      point(place);
      if (!place) return;
      event.preventDefault();
      if (type === "drop") drop(dragged, place);
    });
  }
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    dragged = null;
    point();
  });
}

/** Before which of the others the pointer is, in a column or, `beside` one another, in a row; its sign with it. */
export function placeAmong(others, event, beside) {
  const next = others.findIndex((one) => {
    const box = one.getBoundingClientRect();
    return beside ? event.clientX < box.left + box.width / 2 : event.clientY < box.top + box.height / 2;
  });
  const last = next < 0;
  return { to: last ? others.length : next, on: last ? others.at(-1) : others[next], sign: last ? "is-after" : "is-before" };
}

/** What has been taken up is the whole, not a link in it. After a change the page comes back at what was changed. */
export function prepare(elements, sign) {
  for (const one of elements) {
    one.draggable = true;
    for (const link of one.querySelectorAll("a")) link.draggable = false;
  }
  const moved = location.hash.startsWith(sign) ? document.getElementById(location.hash.slice(1)) : null;
  if (moved) addEventListener("load", () => setTimeout(() => moved.querySelector("summary")?.focus({ preventScroll: true })));
  return moved;
}
