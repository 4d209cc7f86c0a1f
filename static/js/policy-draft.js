/*
 * A draft of the policy saves itself by htmx, from the element [data-live] in its form. Beside it the page says so only while
 * it is true: 'Saving' from the first key on, 'Not saved yet' where the portal can't be reached, which is tried again. What is
 * left when the page is left is sent then.
 */
(function () {
  "use strict";
  const RETRY = 15000;
  const words = () => window.concord.words();

  function keep(live) {
    const form = live.closest("form");
    let typed = 0;
    let sent = 0;
    let saved = 0;
    let stopped = false; // signed out, or somebody else was first: only the person can decide
    let timer;

    const say = (text) => {
      const place = document.getElementById("draft-state");
      if (place) place.textContent = text;
    };

    function change() {
      typed += 1;
      if (!stopped) say(words().saving);
    }

    function again() {
      say(words().notSaved);
      clearTimeout(timer);
      timer = setTimeout(() => window.htmx.trigger(live, "again"), RETRY);
    }

    function answered(event) {
      const { status } = event.detail.xhr;
      if (status === 0 || status >= 500) return again();
      stopped = status >= 400;
      if (stopped) return say(form.dataset.wordsStopped);
      saved = sent;
      if (typed !== saved) say(words().saving);
    }

    form.addEventListener("input", change);
    form.addEventListener("change", change);
    form.addEventListener("submit", () => (saved = typed));
    live.addEventListener("htmx:beforeRequest", () => (sent = typed));
    live.addEventListener("htmx:afterRequest", answered);
    window.addEventListener("beforeunload", (event) => {
      if (stopped && typed !== saved) event.preventDefault();
    });
    window.addEventListener("pagehide", () => {
      if (stopped || typed === saved) return;
      const fields = new FormData(form);
      fields.append("leaving", "1");
      navigator.sendBeacon(live.getAttribute("hx-post"), fields);
    });
    // Shown again from the browser's memory, it does not know what it sent while it was left.
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-live]").forEach(keep));
})();
