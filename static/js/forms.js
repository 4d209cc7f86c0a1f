/*
 * Forms: the error summary takes the focus, a submit counts once, leaving with unsaved changes is asked about, drafts save
 * themselves. Hooks:
 *   [data-error-summary]           focused on load; its links focus their field
 *   form[data-warn-unsaved]        asks before the page is left with changes
 *   form[data-autosave="<url>"]    posts its fields there after a pause (data-autosave-wait="1500" ms)
 *   [data-save-state]              inside the form: 'Saving', 'Saved 10:32', 'Not saved yet'
 *   button[data-busy-label]        text while its form is on its way
 *   form[data-submit-on-change]    filters: sent when a choice changes
 *   input[data-time-zone]          gets the browser's time zone, where it has none
 *   [data-go-back]                 the page before this one, or the start page
 *   [data-confirm-dialog="#id"]    opens that <dialog>; [data-close-dialog] closes the one around it
 */
(function () {
  "use strict";
  const words = () => window.concord.words();
  const changed = new WeakSet();
  const isPost = (form) => (form.getAttribute("method") ?? "").toLowerCase() === "post";

  function focusField(link) {
    const id = decodeURIComponent(link.hash.slice(1));
    const place = document.getElementById(id);
    if (!place) return false;
    const control = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea");
    (control ?? place).focus();
    (control ?? place).scrollIntoView({ block: "center" });
    return true;
  }

  // A text that was begun goes on where it ends.
  function openDialog(dialog) {
    dialog?.showModal();
    const text = dialog?.querySelector("textarea:focus");
    text?.setSelectionRange(text.value.length, text.value.length);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-error-summary]")?.focus();
    for (const input of document.querySelectorAll("input[data-time-zone]")) {
      input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a");
    if (link && focusField(link)) event.preventDefault();
    const opener = event.target.closest("[data-confirm-dialog]");
    const closer = event.target.closest("[data-close-dialog]");
    if (opener || closer) event.preventDefault(); // without scripts some of them ask for a page instead
    if (opener) openDialog(document.querySelector(opener.dataset.confirmDialog));
    closer?.closest("dialog")?.close();
    if (event.target.closest("[data-go-back]")) {
      if (history.length > 1) history.back();
      else location.assign("/");
    }
  });

  // One submit, one request. Wakes again when the page comes back from the browser's cache or the request ends.
  function setBusy(form, busy) {
    form.toggleAttribute("data-sending", busy);
    for (const button of form.querySelectorAll("button[type=submit], input[type=submit]")) {
      button.setAttribute("aria-busy", String(busy));
      if (!button.dataset.busyLabel) continue;
      if (busy) {
        button.dataset.restLabel = button.textContent;
        button.textContent = button.dataset.busyLabel;
      } else if (button.dataset.restLabel) {
        button.textContent = button.dataset.restLabel;
      }
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !isPost(form)) return;
    if (form.hasAttribute("data-sending")) {
      event.preventDefault();
      return;
    }
    changed.delete(form);
    if (form.hasAttribute("data-many-submits")) return;
    setTimeout(() => form.isConnected && setBusy(form, true)); // after the browser has read the pressed button
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches("form") || event.detail.requestConfig.verb === "get" || form.hasAttribute("data-many-submits")) return;
    if (form.hasAttribute("data-sending")) {
      event.preventDefault();
      return;
    }
    changed.delete(form);
    setBusy(form, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) setBusy(form, false);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach((form) => setBusy(form, false)));

  // Leaving with changes
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (form?.matches("[data-warn-unsaved], [data-autosave]")) {
      changed.add(form);
      if (form.dataset.autosave) planSave(form);
    }
  });
  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...document.querySelectorAll("form[data-warn-unsaved], form[data-autosave]")].some((form) => changed.has(form));
    if (unsaved) event.preventDefault();
  });

  document.addEventListener("change", (event) => {
    event.target.closest("form[data-submit-on-change]")?.requestSubmit();
  });

  // Drafts. A failed save is tried again; nothing is lost by it, the fields keep their values.
  const plans = new WeakMap();

  function planSave(form, wait = Number(form.dataset.autosaveWait ?? 1500)) {
    clearTimeout(plans.get(form));
    plans.set(form, setTimeout(() => save(form), wait));
  }

  function say(form, text) {
    const place = form.querySelector("[data-save-state]");
    if (place) place.textContent = text;
  }

  async function save(form) {
    if (form.hasAttribute("data-sending")) return;
    changed.delete(form);
    say(form, words().saving);
    try {
      const fields = new FormData(form);
      for (const input of form.querySelectorAll("input[type=file]")) fields.delete(input.name);
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: fields, headers: { "X-Autosave": "1" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      say(form, words().saved.replace("{time}", time));
      form.dispatchEvent(new CustomEvent("concord:saved", { bubbles: true, detail: { answer } }));
    } catch {
      changed.add(form);
      say(form, words().notSaved);
      planSave(form, 15000);
    }
  }
})();
