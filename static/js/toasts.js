/*
 * Messages that pass. window.concord.toast(text, {tone, seconds, action: {label, url}}), or from a view by the header
 *   HX-Trigger: {"toast": {"text": "Saved", "tone": "ok"}}
 * An action with post: true (and perhaps key: "u", fields: [[name, value], …]) is a button that posts instead of a link.
 * Or as components/toast.html swapped out of band into #toasts. Errors stay until closed; the rest goes after
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
      const shown = note.querySelector("[data-seconds-left]");
      // The seconds of an undo are the server's: they go on whatever the pointer does.
      if (!shown && (note.matches(":hover") || note.contains(document.activeElement))) return;
      left -= 1;
      if (shown) shown.textContent = String(Math.max(left, 0));
      if (left <= 0) {
        clearInterval(tick);
        close(note);
      }
    }, 1000);
  }

  /* A button that posts, with its key and the seconds that are left. Only the newest message keeps the key. */
  function poster({ label, url, key, fields = [] }, seconds) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
    for (const [name, value] of [["csrfmiddlewaretoken", token], ...fields]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    const button = document.createElement("button");
    button.className = "btn btn-sm";
    const left = document.createElement("span");
    left.className = "num";
    left.dataset.secondsLeft = "";
    left.textContent = String(seconds);
    button.append(`${label} `, left);
    if (key) {
      document.querySelectorAll(`#toasts [data-key="${key}"]`).forEach((old) => old.removeAttribute("data-key"));
      button.dataset.key = key;
      button.dataset.keyLabel = label;
    }
    form.append(button);
    return form;
  }

  /* Where a message is seen. An error leaves its dialog open, and would lie behind the curtain: it goes into the dialog, and
     out with it. What went well takes its dialog away, so it waits outside. */
  function region(tone) {
    const toasts = document.getElementById("toasts");
    const dialog = tone === "stop" ? [...document.querySelectorAll("dialog[open]")].at(-1) : null;
    if (!toasts || !dialog) return toasts;
    const known = dialog.querySelector(":scope > .toasts");
    if (known) return known;
    const inside = document.createElement("div");
    inside.className = "toasts";
    inside.setAttribute("role", "alert");
    dialog.append(inside);
    dialog.addEventListener(
      "close",
      () => {
        toasts.append(...inside.children);
        inside.remove();
      },
      { once: true },
    );
    return inside;
  }

  function toast(text, { tone = "info", seconds = 8, action = null } = {}) {
    const note = document.createElement("div");
    note.className = `toast-note tone-${tone}`;
    note.dataset.seconds = String(seconds);
    const body = document.createElement("div");
    body.className = "toast-note-text";
    body.textContent = text;
    note.append(body);
    if (action?.post) {
      note.append(poster(action, seconds));
    } else if (action) {
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
    region(tone)?.append(note);
    startClock(note);
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
