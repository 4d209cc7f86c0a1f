/*
 * The referee's desk (templates/registrations/review/). Keys are keyboard.js's; this keeps list and item in step:
 *   the open row is marked, a phone shows list or item, the heading takes the focus, a refused form opens again,
 *   a reason brings its sentence ([data-sentence] on an option), Ctrl+Enter sends a dialog's form,
 *   what is ticked ([data-tick]) goes along with a form[data-bulk], and an open page says now and then that it is open
 *   ([data-look]), as long as somebody can see it.
 */
(function () {
  "use strict";
  const desk = () => document.getElementById("desk");

  function markOpenRow() {
    const code = desk()?.querySelector(".desk-article")?.dataset.code;
    for (const row of document.querySelectorAll(".queue-row")) {
      if (row.dataset.code === code) {
        row.setAttribute("aria-current", "true");
        row.scrollIntoView({ block: "nearest" });
      } else {
        row.removeAttribute("aria-current");
      }
    }
  }

  // The open row is in sight of its list from the start; the page itself stays where it is.
  function showOpenRow() {
    const list = document.querySelector(".desk-list");
    const row = list?.querySelector(".queue-row[aria-current]");
    if (row && list.scrollHeight > list.clientHeight) list.scrollTop = row.offsetTop - list.clientHeight / 2;
  }

  function showWaiting() {
    const waiting = desk()?.dataset.waiting;
    const badge = document.querySelector(".sidebar-link.active .count");
    if (badge && waiting !== undefined) badge.textContent = waiting;
  }

  function openRefusedForm() {
    const dialog = document.querySelector("dialog[data-open-now]");
    if (!dialog) return false;
    dialog.removeAttribute("data-open-now");
    dialog.removeAttribute("open"); // shown in the page, for whoever has no scripts
    dialog.showModal();
    dialog.querySelector("[data-error-summary]")?.focus();
    return true;
  }

  function show(what) {
    desk()?.setAttribute("data-shows", what);
    document.querySelector(".desk-head")?.setAttribute("data-shows", what);
  }

  /* Many at once */
  const ticked = () => [...document.querySelectorAll("[data-tick]:checked")].map((box) => box.value);

  function countTicked() {
    const boxes = document.querySelectorAll("[data-tick]");
    const count = ticked().length;
    for (const place of document.querySelectorAll("[data-bulk-count]")) place.textContent = String(count);
    desk()?.toggleAttribute("data-ticked", count > 0);
    const all = document.querySelector("[data-tick-all]");
    if (!all) return;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) {
      for (const box of document.querySelectorAll("[data-tick]")) box.checked = event.target.checked;
    }
    if (event.target.matches("[data-tick], [data-tick-all]")) countTicked();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("form[data-bulk]")) return;
    const { parameters } = event.detail;
    delete parameters.item;
    for (const value of ticked()) parameters.append("item", value);
  });

  /* Who has it open */
  const LOOK_AGAIN = 20_000;
  function look() {
    const place = document.querySelector("[data-look]");
    if (place && document.visibilityState === "visible" && place.checkVisibility()) htmx.trigger(place, "look");
  }
  setInterval(look, LOOK_AGAIN);
  document.addEventListener("visibilitychange", look);

  document.addEventListener("DOMContentLoaded", () => {
    openRefusedForm();
    countTicked();
    showOpenRow();
    look();
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const id = event.detail.target?.id;
    if (id === "candidates") {
      document.querySelector(".candidate-tab[aria-current]")?.focus({ preventScroll: true });
      return;
    }
    if (id !== "desk-item" && id !== "desk") return;
    countTicked();
    if (id === "desk-item") show("item");
    else show(desk().dataset.shows);
    markOpenRow();
    showWaiting();
    look();
    if (openRefusedForm()) return;
    const outcome = desk().querySelector("[data-outcome]");
    if (outcome && id === "desk") {
      window.scrollTo({ top: 0 });
      outcome.focus({ preventScroll: true });
      return;
    }
    const alert = desk().querySelector("[data-error-summary]");
    if (alert) {
      alert.focus();
      alert.scrollIntoView({ block: "center" });
      return;
    }
    window.scrollTo({ top: 0 });
    (document.getElementById("item-title") ?? document.getElementById("main"))?.focus({ preventScroll: true });
  });

  // An answer that forbids is a desk, too: show it like the others.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail;
    if (xhr.status !== 403 || target?.id !== "desk" || !xhr.responseText.includes('id="desk"')) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  });

  // The sentence of the chosen reason, unless somebody wrote their own.
  document.addEventListener("change", (event) => {
    const sentence = event.target.selectedOptions?.[0]?.dataset.sentence;
    const text = sentence && event.target.form?.elements.namedItem("text");
    if (!text || (text.value.trim() && text.value !== text.dataset.offered)) return;
    text.value = sentence;
    text.dataset.offered = sentence;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-tick], [data-tick-all]")) event.preventDefault(); // no button is meant
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("dialog[open] form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
})();
