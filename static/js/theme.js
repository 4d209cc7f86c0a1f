/*
 * Light or dark, before the first paint (loaded in <head> without defer). The reader's system decides until a choice is
 * made with a [data-theme-choice="auto|light|dark"] button; the choice is kept in this browser.
 */
(function () {
  "use strict";
  const KEY = "concord.theme";
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function choice() {
    try {
      const kept = localStorage.getItem(KEY);
      return kept === "light" || kept === "dark" ? kept : "auto";
    } catch {
      return "auto"; // storage refused: follow the system
    }
  }

  function apply() {
    const wanted = choice();
    const dark = wanted === "dark" || (wanted === "auto" && system.matches);
    document.documentElement.setAttribute("data-bs-theme", dark ? "dark" : "light");
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === wanted));
    }
    document.dispatchEvent(new CustomEvent("concord:theme")); // charts redraw in the new colours
  }

  /* A colour token as the 'rgb(r, g, b)' that charts understand: tokens are light-dark() and oklch() values. */
  function colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    pen.fillStyle = getComputedStyle(probe).color;
    probe.remove();
    pen.fillRect(0, 0, 1, 1);
    const [red, green, blue] = pen.getImageData(0, 0, 1, 1).data;
    return `rgb(${red}, ${green}, ${blue})`;
  }
  window.concord = Object.assign(window.concord ?? {}, { colour });

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  window.addEventListener("storage", (event) => event.key === KEY && apply());

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    event.stopPropagation(); // keeps the menu open, so that the change can be seen and changed again
    try {
      localStorage.setItem(KEY, button.dataset.themeChoice);
    } catch {
      /* the choice holds for nothing longer than this page would: leave it */
    }
    apply();
  }, true);
})();
