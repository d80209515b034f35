// A session of a draft is dragged to another time or inspector. Where it is dropped, the same part of a page opens that
// its link opens: what would clash, with whom, and a button that saves. Without dragging, the link does all of it.
const grid = document.querySelector("[data-moves]");
const said = document.querySelector("[data-moves-said]");
let dragged = null;

if (grid && said) {
  for (const block of grid.querySelectorAll("[data-session]")) {
    block.draggable = true;
  }
  grid.addEventListener("dragstart", (event) => pick(event));
  grid.addEventListener("dragover", (event) => over(event));
  grid.addEventListener("drop", (event) => drop(event));
  document.addEventListener("dragend", () => putDown());
}

async function pick(event) {
  const block = event.target.closest?.("[data-session]");
  if (!block) {
    return;
  }
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", block.dataset.session);
  const mine = {
    id: block.dataset.session,
    from: inspectorOf(block.closest("td")),
    start: block.dataset.start?.slice(0, 16),
    works: null,
  };
  dragged = mine;
  const answer = await fetch(`${grid.dataset.moves}${mine.id}/starts`, { headers: { Accept: "application/json" } });
  if (answer.ok && dragged === mine) {
    mine.works = new Set((await answer.json()).starts);
  }
}

function over(event) {
  const place = placeAt(event);
  if (!dragged || !place) {
    return;
  }
  event.preventDefault();
  mark(event.target.closest("td"));
  const fits = dragged.works?.has(place.start);
  const [day, clock] = place.start.split("T");
  const words = new Date(`${day}T12:00`).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
  say(`${words} ${clock}${fits === undefined ? "" : fits ? ": a start that works" : ": breaks a rule; drop to see which"}`, fits);
}

function drop(event) {
  const place = placeAt(event);
  if (!dragged || !place) {
    return;
  }
  event.preventDefault();
  const { id, from, start } = dragged;
  putDown();
  if (place.start === start && place.inspector === from) {
    return;
  }
  const query = new URLSearchParams({ start: place.start });
  if (place.inspector && place.inspector !== from) {
    query.set("inspector", place.inspector);
    query.set("instead", from ?? "");
  }
  open(`${grid.dataset.moves}${id}?${query}`);
}

async function open(address) {
  await window.htmx.ajax("GET", address, { target: "#change", select: "#change", swap: "outerHTML" });
  document.querySelector("#change-title")?.focus();
}

// Against the clock a line is a time; at a glance a session keeps its time and changes its day.
function placeAt(event) {
  const cell = event.target.closest?.("td[data-day]");
  if (!cell || !dragged) {
    return null;
  }
  const clock = cell.closest(".ncpi-times") ? clockAt(cell, event.clientY) : dragged.start?.slice(11);
  return clock ? { start: `${cell.dataset.day}T${clock}`, inspector: inspectorOf(cell) } : null;
}

function clockAt(cell, y) {
  const rows = [...cell.closest("tbody").rows];
  return (rows.findLast((row) => row.getBoundingClientRect().top <= y) ?? rows[0]).dataset.clock;
}

function inspectorOf(cell) {
  const key = cell?.dataset.inspector ?? cell?.dataset.line ?? "";
  return /^[1-9]\d*$/.test(key) ? key : "";
}

function mark(cell) {
  for (const old of grid.querySelectorAll(".ncpi-moves__target")) {
    old.classList.remove("ncpi-moves__target");
  }
  cell?.classList.add("ncpi-moves__target");
}

function say(text, fits) {
  said.hidden = !text;
  if (said.textContent !== text) {
    said.textContent = text;
  }
  said.classList.toggle("ncpi-moves__said--clash", fits === false);
}

function putDown() {
  dragged = null;
  mark(null);
  say("");
}
