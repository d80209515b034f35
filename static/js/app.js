import { initAll } from "../vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A part that is asked for after signing out would be answered with the sign-in page: leave what is there, and say so.
// Whatever else goes wrong with something typed is said beside it, and what was typed stays.
const NOT_POSTED = {
  signedOut: "Not posted: you have been signed out. Sign in again in another window, load this page there, and post again.",
  refused: "Not posted. Copy your text, load the page again, and post it there.",
  offline: "Not posted: no connection. Your text is still here; post it when the connection is back.",
};

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL || location.href).pathname === "/sign-in") {
    event.detail.shouldSwap = false;
    tell(event.detail.requestConfig.elt, NOT_POSTED.signedOut);
  }
});
document.body.addEventListener("htmx:responseError", (event) => tell(event.detail.elt, NOT_POSTED.refused));
document.body.addEventListener("htmx:sendError", (event) => tell(event.detail.elt, NOT_POSTED.offline));

function tell(form, text) {
  if (!form.querySelector("textarea")) {
    return;
  }
  const line = form.querySelector("[data-told]") || form.appendChild(document.createElement("p"));
  line.dataset.told = "";
  line.className = "govuk-error-message";
  line.setAttribute("role", "alert");
  line.textContent = text;
}
