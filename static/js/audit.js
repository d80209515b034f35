// The audit page: keeps each answer as it is given, and lets everything be done by keyboard.
// Without this script the page is one form that saves and hands in as a whole.

const root = document.getElementById("audit");

const state = {
  queue: new Map(), // what is still to be sent, by place; a newer one replaces an older one
  sending: false,
  wait: 1000,
  blocked: false,
  waiting: null, // the button that was pressed while something was still being sent
};

const form = document.getElementById("audit-form");
const saved = document.getElementById("saved");
const token = form?.querySelector("[name=csrfmiddlewaretoken]").value;

function say(text) {
  saved.textContent = text;
}

function questionBody(question) {
  const pk = question.dataset.question;
  const body = new URLSearchParams();
  body.set(`q${pk}`, question.querySelector(`[name=q${pk}]:checked`)?.value ?? "");
  body.set(`t${pk}`, question.querySelector(`[name=t${pk}]`).value);
  body.set(`v${pk}`, question.querySelector(`[name=v${pk}]`).value);
  return body;
}

function noteBody() {
  const all = new FormData(form);
  const body = new URLSearchParams();
  for (const name of ["strengths", "learning", "grade", "grade_reason", "version"]) {
    body.set(name, all.get(name) ?? "");
  }
  return body;
}

function keep(place) {
  state.queue.set(place, true);
  say("Saving…");
  void send();
}

async function send() {
  if (state.sending || state.blocked || state.queue.size === 0) return;
  state.sending = true;
  const [place] = state.queue.keys();
  state.queue.delete(place);
  const isNote = place === form;
  try {
    const response = await fetch(isNote ? root.dataset.note : root.dataset.answer, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      body: isNote ? noteBody() : questionBody(place),
    });
    await settle(place, isNote, response);
  } catch {
    // The line is down: what was typed stays on the page and is sent again.
    if (!state.queue.has(place)) state.queue.set(place, true);
    state.waiting = null;
    say("Not saved yet: no connection. Trying again…");
    setTimeout(retry, state.wait);
    state.wait = Math.min(state.wait * 2, 30000);
    return;
  }
  state.sending = false;
  if (state.queue.size && !state.blocked) void send();
  else if (state.waiting) form.requestSubmit(state.waiting);
}

function retry() {
  state.sending = false;
  void send();
}

async function settle(place, isNote, response) {
  if (response.status >= 500) throw new Error("server");
  if (response.redirected || !(response.headers.get("Content-Type") ?? "").includes("json")) {
    state.blocked = true;
    say("You have been signed out. Open another tab, sign in, come back and press “Save and go on later”.");
    return;
  }
  const answer = await response.json();
  if (!response.ok) {
    state.blocked = response.status === 409;
    say(`${answer.error} ${state.blocked ? "Press “Save and go on later” to see both." : ""}`);
    return;
  }
  state.wait = 1000;
  const version = isNote ? form.elements.version : place.querySelector("[name^=v]");
  version.value = answer.version;
  showDoubts(isNote ? document.getElementById("grade") : place, answer.doubts);
  if (state.queue.size === 0) {
    say(`Saved at ${new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}.`);
  }
}

function showDoubts(place, doubts) {
  const line = place.querySelector(".ncpi-question__doubt");
  line.textContent = doubts.join(" ");
  line.hidden = doubts.length === 0;
}

function isAnswered(question) {
  const text = question.querySelector("textarea");
  const radios = question.querySelectorAll("input[type=radio]");
  return radios.length ? [...radios].some((radio) => radio.checked) : text.value.trim() !== "";
}

function count() {
  const questions = [...root.querySelectorAll("[data-question]")];
  const answered = questions.filter(isAnswered);
  document.getElementById("answered").textContent = answered.length;
  document.getElementById("progress").value = answered.length;
  for (const mark of root.querySelectorAll("[data-section]")) {
    const inSection = (question) => question.dataset.in === mark.dataset.section;
    mark.textContent = `${answered.filter(inSection).length}/${questions.filter(inSection).length}`;
  }
}

function changed(event) {
  const question = event.target.closest("[data-question]");
  if (question) {
    question.classList.toggle("ncpi-question--answered", isAnswered(question));
    const details = question.querySelector("details");
    if (details && event.target.value === "no") details.open = true;
    if (event.target.dataset.escalates !== undefined) openConcern();
    count();
    keep(question);
  } else if (event.target.dataset.note !== undefined) {
    keep(form);
  }
}

let typing;
function typed(event) {
  if (event.target.tagName !== "TEXTAREA") return;
  clearTimeout(typing);
  typing = setTimeout(() => changed(event), 600);
}

function openConcern() {
  const panel = document.getElementById("unsafe");
  panel.open = true;
  panel.scrollIntoView({ block: "start" });
  panel.querySelector("textarea").focus();
}

function places() {
  return [...root.querySelectorAll("[data-question]"), document.getElementById("grade")];
}

function here() {
  return document.activeElement.closest?.("[data-question], #grade") ?? null;
}

function go(place) {
  const radio = place.querySelector("input[type=radio]:checked") ?? place.querySelector("input[type=radio]");
  (radio ?? place.querySelector("textarea")).focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}

function step(by) {
  const all = places();
  const at = all.indexOf(here());
  go(all[at === -1 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function choose(key) {
  const radio = here()?.querySelector(`input[data-key="${key}"]`);
  if (!radio || radio.checked) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

const keys = {
  j: () => step(1),
  n: () => step(1),
  k: () => step(-1),
  p: () => step(-1),
  g: () => go(document.getElementById("grade")),
  s: openConcern,
  c: () => {
    const place = here();
    const details = place?.querySelector("details");
    if (details) details.open = true;
    place?.querySelector("textarea")?.focus();
  },
  "?": () => {
    const list = document.getElementById("shortcuts");
    list.open = !list.open;
    list.querySelector("summary").focus();
  },
};

// Single keys get in the way of some who speak or whose keyboard is assisted: they can be turned off, and stay off.
const KEYS_OFF = "audit-keys-off";
const keysOn = document.getElementById("keys-on");
if (keysOn) {
  keysOn.checked = !localStorage.getItem(KEYS_OFF);
  keysOn.addEventListener("change", () => {
    if (keysOn.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });
}

function pressed(event) {
  if (keysOn && !keysOn.checked) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isText = event.target.matches("textarea, input:not([type=radio]), select");
  if (event.key === "Escape" && isText) {
    const place = here();
    event.target.blur();
    if (place) go(place.querySelector("input[type=radio]") ? place : places()[0]);
    return;
  }
  if (isText) return;
  const act = keys[event.key.toLowerCase()] ?? (/^[1-5]$/.test(event.key) ? () => choose(event.key) : null);
  if (!act) return;
  event.preventDefault();
  act();
}

if (root) {
  form.addEventListener("change", changed);
  form.addEventListener("input", typed);
  document.addEventListener("keydown", pressed);
  window.addEventListener("beforeunload", (event) => {
    if (state.queue.size && !form.dataset.leaving) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    // The page would otherwise meet its own answer, on its way with a newer version.
    if (state.sending && !state.blocked) {
      event.preventDefault();
      state.waiting = event.submitter;
      return;
    }
    form.dataset.leaving = "1";
    state.blocked = true;
  });
}
