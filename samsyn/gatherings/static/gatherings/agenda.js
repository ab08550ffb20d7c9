// Those who plan drag a part to another place: that posts what the menu of the part posts, and without scripts the
// menu does the same.

import { drag, placeAmong, prepare } from "../ui/js/drag.js";

const form = document.getElementById("do");
const parts = [...document.querySelectorAll("[data-agenda] > *")];

prepare(parts.filter((part) => form && part.dataset.move), "#b-");
drag(
  (event) => event.target.closest?.("[data-move]"),
  (event, dragged) => event.target.closest?.("[data-agenda]") && placeAmong(parts.filter((part) => part !== dragged), event),
  (dragged, { to }) => {
    form.action = dragged.dataset.move;
    form.elements.to.value = to;
    form.requestSubmit();
  },
);
