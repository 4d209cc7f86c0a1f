/*
 * What a reader sees when an htmx request fails. 409, 410, 422 and 429 answers carry a fragment in plain words: they are
 * swapped into the target. A whole error page, a server error, a lost network or a time-out becomes a message that stays.
 */
(function () {
  "use strict";
  const SHOWN = new Set([409, 410, 422, 429]);
  const tell = (text) => window.concord.toast(text, { tone: "stop" });
  const words = () => window.concord.words();

  function errorWords(answer) {
    const page = new DOMParser().parseFromString(answer, "text/html");
    return page.querySelector("[data-error-message], [data-notice-text]")?.textContent.trim() ?? "";
  }

  const isWholePage = (answer) => /^\s*(<!doctype|<html)/i.test(answer);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    event.detail.shouldSwap = false;
    if (SHOWN.has(xhr.status) && !isWholePage(xhr.responseText)) {
      event.detail.shouldSwap = xhr.responseText.trim() !== "";
      event.detail.isError = false;
      if (event.detail.shouldSwap) return;
    }
    const said = errorWords(xhr.responseText);
    if (xhr.status === 401 || xhr.status === 403) tell(said || words().notAllowed);
    else if (xhr.status === 404 || xhr.status === 410) tell(said || words().notFound);
    else tell(said || words().serverError);
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    // A fragment with an error takes the focus, as after a whole page load.
    event.detail.target?.querySelector?.("[data-error-summary]")?.focus();
  });

  document.addEventListener("htmx:sendError", (event) => {
    if (!event.detail.elt.closest("[data-quiet]")) tell(words().offline);
  });
  document.addEventListener("htmx:timeout", () => tell(words().timedOut));
  document.addEventListener("htmx:swapError", () => tell(words().serverError));
})();
