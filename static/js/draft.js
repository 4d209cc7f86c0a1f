/*
 * A draft saves itself: form[data-draft="<url>"] posts its fields after a pause, one request at a time, and takes over the
 * version it gets back, so that its own saves never collide. What could not be stored is named in [data-draft-state];
 * nothing is marked at the fields while somebody types. Leaving the page saves what is left.
 */
(function () {
  "use strict";
  const PAUSE = 1200;
  const RETRY = 15000;
  const words = () => window.concord.words();

  function keep(form) {
    const state = form.querySelector("[data-draft-state]");
    let dirty = false;
    let stopped = false; // another window was first: only the person can decide
    let running = null;
    let timer;

    const say = (text) => {
      if (state) state.textContent = text;
    };
    const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

    function body() {
      const fields = new FormData(form);
      for (const input of form.querySelectorAll("input[type=file]")) fields.delete(input.name);
      return fields;
    }

    function plan(wait = PAUSE) {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(save, wait);
    }

    function save() {
      clearTimeout(timer);
      if (running) return running.then(() => (dirty ? save() : undefined));
      if (!dirty || stopped) return Promise.resolve();
      dirty = false;
      say(words().saving);
      running = send().finally(() => {
        running = null;
        if (dirty && !stopped) plan();
      });
      return running;
    }

    async function send() {
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body: body(), headers: { Accept: "application/json" }, keepalive: true });
        if (answer.redirected || answer.status === 403) return refuse(form.dataset.wordsSignedOut);
        const told = await answer.json();
        if (answer.status === 409) return refuse(`${form.dataset.wordsRefused} ${told.message}`);
        if (!answer.ok) throw new Error(String(answer.status));
        form.elements.version.value = told.version;
        const except = form.dataset.wordsExcept.replace("{time}", clock()).replace("{fields}", told.problems.join(", "));
        say(told.problems.length ? except : words().saved.replace("{time}", clock()));
        form.dispatchEvent(new CustomEvent("concord:saved", { bubbles: true, detail: told }));
      } catch {
        dirty = true;
        say(words().notSaved);
        setTimeout(() => plan(0), RETRY);
      }
    }

    function refuse(text) {
      dirty = true;
      stopped = true;
      say(text);
    }

    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      dirty = true;
      plan();
    });
    form.addEventListener("concord:rows-changed", () => {
      dirty = true;
      plan();
    });

    // A pressed button sends everything itself; it only waits for a save that is under way, which moves the version.
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (running) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const { submitter } = event;
        dirty = false;
        running.finally(() => form.requestSubmit(submitter));
        return;
      }
      dirty = false;
    }, true);

    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
    window.addEventListener("pagehide", save);
    window.addEventListener("beforeunload", (event) => {
      if (dirty && stopped) event.preventDefault();
    });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-draft]").forEach(keep));
})();
