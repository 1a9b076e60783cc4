// The desk by keyboard: j and k through a list, Enter opens, / searches, u goes up, ? tells.
// Everything is a link or a form as well: without this script nothing is missing.
"use strict";

const rows = () => [...document.querySelectorAll("main tbody tr")]
  .map((row) => row.querySelector("th a, td a")).filter(Boolean);

function step(by) {
  const links = rows();
  if (!links.length) return;
  const at = links.findIndex((one) => one.closest("tr").contains(document.activeElement));
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link.focus();
  link.closest("tr").scrollIntoView({ block: "nearest" });
}

function tell() {
  const keys = document.getElementById("keys");
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}

function search() {
  const field = document.querySelector('main input[type="search"]');
  if (field) {
    field.focus();
    field.select();
  }
}

function up() {
  const tab = document.querySelector('.tabs a[aria-current="page"]');
  if (tab) tab.click();
}

const KEYS = { j: () => step(1), k: () => step(-1), "/": search, u: up, "?": tell };

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) {
    typing.blur();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

document.getElementById("keys").hidden = false;
