// Says that somebody is at work on this page: twice a minute at most, and only when they did something since. A page that
// is merely left open says nothing, so it neither shows its owner as present nor keeps their session from ending.
const PAUSE = 30000;
let active = false;

for (const name of ["keydown", "pointerdown", "pointermove", "scroll"]) {
  window.addEventListener(name, () => (active = true), { passive: true });
}

setInterval(() => {
  if (active && document.visibilityState === "visible") {
    active = false;
    document.querySelector("[data-here]")?.dispatchEvent(new Event("here"));
  }
}, PAUSE);
