/*
 * Single-key shortcuts. Any button, link or field may carry
 *   data-key="r"            pressed: it is clicked (or focused, with data-key-focus)
 *   data-key-label="Refuse" its words in the help ('?'); without it the control's own text
 * Lists: [data-key-list] holds [data-key-item]; j/k move through the items' links, Enter opens as ever, x ticks the
 * item's [data-tick].
 * Nothing happens while typing, with Ctrl, Alt or Meta, or inside an open dialog. They can be switched off in the help:
 * kept with the person's account and shown as data-shortcuts="off" on <html> (WCAG 2.2, 2.1.4).
 */
(function () {
  "use strict";
  const root = document.documentElement;
  const isOn = () => root.dataset.shortcuts !== "off";

  function setOn(on, keepAt) {
    root.dataset.shortcuts = on ? "on" : "off";
    const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
    fetch(keepAt, { method: "POST", body: new URLSearchParams({ on: on ? "yes" : "no" }), headers: { "X-CSRFToken": token } }).catch(() => {
      /* holds for this page */
    });
  }

  const isTyping = (element) =>
    element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
  const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

  function labelOf(element) {
    const own = element.cloneNode(true);
    own.querySelectorAll("kbd").forEach((cap) => cap.remove());
    return element.dataset.keyLabel || element.getAttribute("aria-label") || own.textContent.replace(/\s+/g, " ").trim();
  }

  function controls() {
    return [...document.querySelectorAll("[data-key]")].filter((element) => isShown(element) && !element.disabled);
  }

  function move(step) {
    const items = [...document.querySelectorAll("[data-key-list] [data-key-item]")].filter(isShown);
    if (!items.length) return false;
    const here = items.findIndex((item) => item.contains(document.activeElement) || item === document.activeElement);
    const chosen = here === -1 ? items.findIndex((item) => item.matches("[aria-current=true], .selected")) : here;
    const next = items[Math.min(Math.max(chosen + step, 0), items.length - 1)];
    const link = next.matches("a, button") ? next : next.querySelector("a, button") ?? next;
    link.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  /* Ticks the row that has the focus, else the open one. */
  function tick() {
    const row = document.activeElement?.closest("li") ?? document.querySelector("[data-key-list] [aria-current=true]")?.closest("li");
    const box = row?.querySelector("[data-tick]") ?? document.querySelector("[data-key-list] [aria-current=true]")?.closest("li")?.querySelector("[data-tick]");
    if (!box || !isShown(box)) return false;
    box.click();
    return true;
  }

  function addHelp(list, key, label) {
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    const text = document.createElement("dd");
    text.textContent = label;
    list.append(term, text);
  }

  function openHelp() {
    const dialog = document.getElementById("shortcut-help");
    if (!dialog || dialog.open) return;
    const list = dialog.querySelector("[data-shortcut-list]");
    list.replaceChildren();
    const { dataset } = dialog;
    if (document.querySelector("[data-key-list]")) {
      addHelp(list, "j", dataset.next);
      addHelp(list, "k", dataset.previous);
    }
    if (document.querySelector("[data-tick]")) addHelp(list, "x", dataset.tickRow);
    for (const element of controls()) addHelp(list, element.dataset.key, labelOf(element));
    addHelp(list, "?", dataset.help);
    dialog.querySelector("[data-shortcut-switch]").checked = isOn();
    dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!isOn() || isTyping(event.target) || document.querySelector("dialog[open], .modal.show")) return;
    if (event.key === "?") {
      event.preventDefault();
      openHelp();
      return;
    }
    if (event.key === "j" || event.key === "k") {
      if (move(event.key === "j" ? 1 : -1)) event.preventDefault();
      return;
    }
    if (event.key === "x" && !event.repeat && tick()) {
      event.preventDefault();
      return;
    }
    const found = controls().find((element) => element.dataset.key === event.key);
    if (!found || event.repeat) return;
    event.preventDefault();
    if ("keyFocus" in found.dataset) found.focus();
    else found.click();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-shortcuts]")) openHelp();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-shortcut-switch]")) setOn(event.target.checked, event.target.dataset.keep);
  });
})();
