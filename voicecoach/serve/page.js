"use strict";
document.querySelector("#again").addEventListener("click", () => window.location.reload());
// The keyboard works at once: textual.js, whose own handler comes first, has made the terminal by now.
window.addEventListener("load", () => document.querySelector("#terminal textarea")?.focus());
