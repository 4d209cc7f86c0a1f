/*
 * Tells the style sheet how tall the sticky bars are, so that neither hides what has the focus (WCAG 2.2, 2.4.11) and
 * messages stand above the lower one. Without it the sheet uses its usual heights.
 */
(function () {
  "use strict";
  const root = document.documentElement.style;

  function measure() {
    const top = document.querySelector(".topbar");
    const bottom = document.querySelector(".action-bar");
    if (top) root.setProperty("--topbar-height", `${top.offsetHeight}px`);
    root.setProperty("--action-bar-height", bottom ? `${bottom.offsetHeight}px` : "0px");
  }

  const watch = new ResizeObserver(measure);
  function begin() {
    watch.disconnect();
    document.querySelectorAll(".topbar, .action-bar").forEach((bar) => watch.observe(bar));
    measure();
  }

  document.addEventListener("DOMContentLoaded", begin);
  document.addEventListener("htmx:afterSettle", begin);
})();
