/*
 * Asks, while a company is typed, whether it is clear. [data-precheck] is the place of the answer and carries the htmx
 * request (hx-trigger="precheck", hx-sync replaces an older one); it is asked 500 ms after the last key, for a name of two
 * letters or digits and more, and never twice for the same words. Nothing waits for the answer.
 */
(function () {
  "use strict";
  const PAUSE = 500;
  const TOLD = [409, 422, 429]; // these answers carry words of their own

  function watch(place) {
    const fields = ["id_company_name", "id_website", "id_country", "id_value", "id_currency"].map((id) => document.getElementById(id)).filter(Boolean);
    const [name] = fields;
    let asked = "";
    let timer;

    const question = () => fields.map((field) => field.value.trim()).join("\n");
    const isEnough = () => (name.value.match(/[\p{L}\p{N}]/gu) ?? []).length >= 2;

    function say(text) {
      const line = document.createElement("p");
      line.className = "precheck-hint";
      line.textContent = text;
      place.replaceChildren(line);
    }

    function ask() {
      if (!isEnough() || question() === asked) return;
      asked = question();
      place.setAttribute("aria-busy", "true");
      window.htmx.trigger(place, "precheck");
    }

    for (const field of fields) {
      field.addEventListener("input", () => {
        clearTimeout(timer);
        if (question() !== asked) timer = setTimeout(ask, PAUSE);
      });
    }
    // An answer that is none stays here: what was typed is not concerned, so no message about it.
    place.addEventListener("htmx:beforeSwap", (event) => {
      const { xhr } = event.detail;
      if (xhr.status < 400 || TOLD.includes(xhr.status)) return;
      event.detail.shouldSwap = false;
      event.stopPropagation();
    });
    place.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== place) return;
      place.removeAttribute("aria-busy");
      const { xhr, successful } = event.detail;
      if (successful || TOLD.includes(xhr?.status)) return;
      asked = ""; // ask again with the next key
      if (xhr?.status) say(place.dataset.failed);
    });
    place.addEventListener("htmx:sendError", () => say(place.dataset.failed));
    if (isEnough()) timer = setTimeout(ask, PAUSE);
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-precheck]").forEach(watch));
})();
