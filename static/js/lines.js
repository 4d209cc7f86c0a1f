/*
 * Product lines of a draft: [data-add-line] and [data-remove-line] change the rows without a visit to the server; without
 * scripts the same buttons post the form. Where rows carry values, the deal's value shows their total.
 */
(function () {
  "use strict";

  function watch(lines) {
    const rows = lines.querySelector("[data-line-rows]");
    const pattern = lines.querySelector("[data-line-pattern]");
    const total = lines.querySelector("[name$=TOTAL_FORMS]");
    const add = lines.querySelector("[data-add-line]");
    const all = () => [...rows.querySelectorAll("[data-line-row]")];

    function renumber() {
      all().forEach((row, index) => {
        for (const element of row.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
          for (const attribute of ["name", "id", "for", "aria-describedby"]) {
            const value = element.getAttribute(attribute);
            if (value) element.setAttribute(attribute, value.replace(/lines-(\d+|__prefix__)-/, `lines-${index}-`));
          }
        }
        row.querySelector("[data-line-number]").textContent = String(index + 1);
        row.querySelector("[data-remove-line]").value = String(index);
      });
      total.value = String(all().length);
      add.hidden = all().length >= Number(lines.dataset.most);
    }

    const changed = () => lines.closest("form").dispatchEvent(new CustomEvent("concord:rows-changed"));

    add.addEventListener("click", (event) => {
      event.preventDefault();
      rows.append(pattern.content.cloneNode(true));
      renumber();
      all().at(-1).querySelector("select, input").focus();
    });

    lines.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-line]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("[data-line-row]");
      const index = all().indexOf(row);
      row.remove();
      if (!all().length) rows.append(pattern.content.cloneNode(true));
      renumber();
      all()[Math.max(0, index - 1)].querySelector("select, input").focus();
      changed();
    });

    // The server adds up; its answer to a save brings the total.
    lines.closest("form").addEventListener("concord:saved", (event) => {
      const field = document.getElementById("id_value");
      const hasValues = all().some((row) => row.querySelector("[name$=-value]").value.trim());
      if (field && hasValues && event.detail.value && document.activeElement !== field) field.value = event.detail.value;
    });
    renumber();
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-lines]").forEach(watch));
})();
