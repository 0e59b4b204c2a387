"use strict";
document.querySelector("#again").addEventListener("click", () => window.location.reload());
// An app in a browser begins out of focus. Once it has drawn something, it can be told that the keys are its own.
const watcher = new MutationObserver(() => {
  if (!document.body.classList.contains("-first-byte")) return;
  watcher.disconnect();
  const keys = document.querySelector("#terminal textarea");
  keys?.blur();
  keys?.focus();
});
watcher.observe(document.body, { attributeFilter: ["class"] });
