// The board begins at the chapter we are in. Those who plan drag a card, or a chapter by its heading, to another
// place: that posts what its own menu posts, and without scripts the menu does the same.

import { drag, placeAmong, prepare } from "../ui/js/drag.js";

const board = document.querySelector(".storyboard");
const form = document.getElementById("do");
const taken = ".card[data-path], .frame[data-path] > header";

function placeAt(event, dragged) {
  const frame = event.target.closest?.(".frame");
  const chapter = dragged.matches(".frame");
  const list = chapter ? board : frame?.querySelector("[data-frame]");
  if (!list || (chapter && !frame)) return null;
  const others = [...list.querySelectorAll(chapter ? ".frame[data-path]" : ".card[data-path]")].filter((one) => one !== dragged);
  const beside = chapter && matchMedia("(min-width: 44.01rem)").matches;
  const place = placeAmong(others, event, beside);
  return { list, chapter, before: others[place.to], ...place, ...(others.length ? {} : { on: list, sign: "is-target" }) };
}

function drop(dragged, { list, chapter, before, to }) {
  form.action = `${dragged.dataset.path}${chapter ? "place" : "move"}/`;
  form.elements.frame.value = list.dataset.frame ?? "";
  // places count what stands within other cards too; the dragged card is taken out first
  const there = Number(before?.dataset.place ?? 9999);
  const past = list.contains(dragged) && Number(dragged.dataset.place) < there;
  form.elements.to.value = chapter ? to : there - past;
  form.requestSubmit();
}

const moved = prepare(form ? board?.querySelectorAll(taken) ?? [] : [], "#a-");
if (form) drag((event) => event.target.closest?.(taken)?.closest("[data-path]"), placeAt, drop);
const now = moved?.closest(".frame") ?? board?.querySelector(".frame.is-now");
if (now) board.scrollLeft = now.offsetLeft - board.querySelector(".frame").offsetLeft;
