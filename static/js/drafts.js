// Keeps what is typed: a form with `data-draft` posts itself there at every pause, one request at a time.
// `data-draft-page` is the address of the page that shows the form.
// The record changes only when the person saves; the draft is theirs and is offered again on the page.
const PAUSE = 800;
const AGAIN = 5000;

const MESSAGES = {
  kept: "Your typing is kept. It counts when you save.",
  signedOut: "You have been signed out. Sign in again in another window and come back: your typing is kept from then on.",
  offline: "No connection. Your typing is on this page only; it is kept as soon as the connection is back.",
  refused: "Your typing cannot be kept for now. Save before you leave this page.",
};

for (const form of document.querySelectorAll("form[data-draft]")) {
  watch(form);
}

function watch(form) {
  const status = form.querySelector("[data-draft-status]");
  let timer = null;
  let sending = false;
  let dirty = false;
  let submitted = false;

  form.addEventListener("input", () => {
    dirty = true;
    plan(PAUSE);
  });
  form.addEventListener("submit", () => {
    submitted = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && dirty && !submitted) {
      keep(true);
    }
  });
  window.addEventListener("online", () => dirty && plan(0));

  function plan(wait) {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  }

  async function keep(leaving = false) {
    if (submitted || (sending && leaving !== true)) {
      return;
    }
    sending = true;
    dirty = false;
    const outcome = await send(form, leaving === true);
    sending = false;
    if (outcome !== "kept") {
      dirty = true;
    }
    if (status && !submitted) {
      status.textContent = MESSAGES[outcome];
    }
    if (dirty) {
      plan(outcome === "kept" ? PAUSE : AGAIN);
    }
  }
}

async function send(form, leaving, isSecondTry = false) {
  const body = new URLSearchParams(new FormData(form));
  body.delete("once");
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body, redirect: "manual", keepalive: leaving });
    if (answer.ok) {
      return "kept";
    }
    if (answer.type === "opaqueredirect") {
      return "signedOut";
    }
    if (answer.status === 403 && !isSecondTry) {
      const outcome = await takeToken(form);
      return outcome === "taken" ? send(form, leaving, true) : outcome;
    }
    return answer.status >= 500 ? "offline" : "refused";
  } catch {
    return "offline";
  }
}

// Signing in again changes the token that forms carry; without the new one, saving would be refused.
async function takeToken(form) {
  const answer = await fetch(form.dataset.draftPage, { redirect: "manual" });
  if (answer.type === "opaqueredirect") {
    return "signedOut";
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=csrfmiddlewaretoken]");
  if (!answer.ok || token === null) {
    return "refused";
  }
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    field.value = token.value;
  }
  return "taken";
}
