/*
 * Messages that pass. window.concord.toast(text, {tone, seconds, action: {label, url}}), or from a view by the header
 *   HX-Trigger: {"toast": {"text": "Saved", "tone": "ok"}}
 * or as components/toast.html swapped out of band into #toasts. Errors stay until closed; the rest goes after
 * `seconds` (default 8), never while the pointer or the focus is on it.
 */
(function () {
  "use strict";
  const words = () => document.getElementById("script-words")?.dataset ?? {};

  function close(note) {
    const hadFocus = note.contains(document.activeElement);
    note.remove();
    if (hadFocus) document.getElementById("main")?.focus();
  }

  function startClock(note) {
    const seconds = Number(note.dataset.seconds ?? 8);
    if (note.dataset.clock || !seconds || note.classList.contains("tone-stop")) return;
    note.dataset.clock = "on";
    let left = seconds;
    const tick = setInterval(() => {
      if (!note.isConnected) return clearInterval(tick);
      if (note.matches(":hover") || note.contains(document.activeElement)) return;
      const shown = note.querySelector("[data-seconds-left]");
      left -= 1;
      if (shown) shown.textContent = String(Math.max(left, 0));
      if (left <= 0) {
        clearInterval(tick);
        close(note);
      }
    }, 1000);
  }

  function toast(text, { tone = "info", seconds = 8, action = null } = {}) {
    const note = document.createElement("div");
    note.className = `toast-note tone-${tone}`;
    note.dataset.seconds = String(seconds);
    const body = document.createElement("div");
    body.className = "toast-note-text";
    body.textContent = text;
    note.append(body);
    if (action) {
      const link = document.createElement("a");
      link.className = "btn btn-sm";
      link.href = action.url;
      link.textContent = action.label;
      note.append(link);
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn-close";
    button.setAttribute("aria-label", words().close ?? "Close message");
    button.dataset.closeToast = "";
    note.append(button);
    document.getElementById("toasts")?.append(note);
    return note;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("toasts");
    if (!place) return;
    place.querySelectorAll(".toast-note").forEach(startClock);
    new MutationObserver(() => place.querySelectorAll(".toast-note").forEach(startClock)).observe(place, { childList: true });
  });

  document.addEventListener("click", (event) => {
    const note = event.target.closest("[data-close-toast]")?.closest(".toast-note");
    if (note) close(note);
    event.target.closest("[data-dismiss-notice]")?.closest("[data-notice]")?.remove();
  });

  document.addEventListener("toast", (event) => {
    const told = event.detail ?? {};
    if (told.text) toast(told.text, told);
  });

  window.concord = Object.assign(window.concord ?? {}, { toast, words });
})();
