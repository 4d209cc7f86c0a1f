/*
 * Tells the style sheet how tall the sticky bars are, so that neither hides what has the focus (WCAG 2.2, 2.4.11) and
 * messages stand above the lower one. Without it the sheet uses its usual heights. A row of views that is wider than the
 * page begins at the one that is shown.
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

  function show(row) {
    const chosen = row.querySelector("[aria-current]");
    if (!chosen) return;
    const [inner, outer] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
    row.scrollBy({ left: (inner.left + inner.right - outer.left - outer.right) / 2, behavior: "instant" });
  }

  const watch = new ResizeObserver(measure);
  function begin() {
    watch.disconnect();
    document.querySelectorAll(".topbar, .action-bar").forEach((bar) => watch.observe(bar));
    measure();
  }

  document.addEventListener("DOMContentLoaded", () => {
    begin();
    document.querySelectorAll("nav.views").forEach(show);
  });
  document.addEventListener("htmx:afterSettle", begin);
})();
