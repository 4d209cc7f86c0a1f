/*
 * The referee's desk (templates/registrations/review/). Keys are keyboard.js's; this keeps list and item in step:
 *   the open row is marked, a phone shows list or item, the heading takes the focus, a refused form opens again,
 *   a reason brings its sentence ([data-sentence] on an option), Ctrl+Enter sends a dialog's form.
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

  function showWaiting() {
    const waiting = desk()?.dataset.waiting;
    const badge = document.querySelector(".sidebar-link.active .count");
    if (badge && waiting !== undefined) badge.textContent = waiting;
  }

  function openRefusedForm() {
    const dialog = document.querySelector("dialog[data-open-now]");
    if (!dialog || dialog.open) return false;
    dialog.removeAttribute("data-open-now");
    dialog.showModal();
    dialog.querySelector("[data-error-summary]")?.focus();
    return true;
  }

  function show(what) {
    desk()?.setAttribute("data-shows", what);
    document.querySelector(".desk-head")?.setAttribute("data-shows", what);
  }

  document.addEventListener("DOMContentLoaded", openRefusedForm);

  document.addEventListener("htmx:afterSettle", (event) => {
    const id = event.detail.target?.id;
    if (id === "candidates") {
      document.querySelector(".candidate-tab[aria-current]")?.focus({ preventScroll: true });
      return;
    }
    if (id !== "desk-item" && id !== "desk") return;
    if (id === "desk-item") show("item");
    else show(desk().dataset.shows);
    markOpenRow();
    showWaiting();
    if (openRefusedForm()) return;
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
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("dialog[open] form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
})();
