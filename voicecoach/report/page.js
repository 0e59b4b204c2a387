"use strict";
for (const take of document.querySelectorAll("[data-take]")) {
  const audio = take.querySelector("audio");
  if (audio === null) continue;
  const status = take.querySelector(".status");
  const axis = take.querySelector(".axis");
  const head = axis.querySelector(".head");
  const span = Number(axis.dataset.span);
  const buttons = [...take.querySelectorAll("button.said")];
  const clauses = [...take.querySelectorAll("[data-clause]")];
  let pressed = null;
  let startsAt = 0;
  let frame = 0;

  const clock = (second) => `${Math.floor(second / 60)}:${String(Math.floor(second % 60)).padStart(2, "0")}`;

  const release = () => {
    if (pressed !== null) pressed.classList.remove("playing");
    pressed = null;
  };

  const tell = () => {
    const where = `Playing from ${clock(audio.currentTime)}`;
    const words = pressed === null ? `${where}.` : `${where} to ${clock(Number(pressed.dataset.end))}.`;
    // A screen reader says again what is written again, and both "seeking" and "play" lead here.
    if (status.textContent !== words) status.textContent = words;
  };

  const play = (second, button) => {
    release();
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
    pressed = button;
    startsAt = second;
    audio.currentTime = second;
    if (button !== null) button.classList.add("playing");
    audio.play().catch((error) => { status.textContent = `This browser does not play it: ${error.message}`; });
  };

  const follow = () => {
    // Both a frame and "timeupdate" lead here: one loop, whoever asks for the next step.
    cancelAnimationFrame(frame);
    const now = audio.currentTime;
    if (pressed !== null && !audio.seeking && now >= Number(pressed.dataset.end)) audio.pause();
    head.setAttribute("x1", `${100 * now / span}%`);
    head.setAttribute("x2", `${100 * now / span}%`);
    for (const clause of clauses) {
      const { start, end } = clause.querySelector("button").dataset;
      clause.classList.toggle("now", now >= Number(start) && now < Number(end));
    }
    if (!audio.paused) frame = requestAnimationFrame(follow);
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      if (button === pressed && !audio.paused) audio.pause();
      else play(Number(button.dataset.start), button);
    });
  }
  axis.addEventListener("click", (event) => {
    const box = axis.getBoundingClientRect();
    play(Math.min(audio.duration || 0, span * (event.clientX - box.left) / box.width), null);
  });
  audio.addEventListener("play", () => {
    head.classList.add("moving");
    tell();
    follow();
  });
  audio.addEventListener("pause", () => {
    status.textContent = `Stopped at ${clock(audio.currentTime)}.`;
    release();
  });
  // Whoever moves to another moment by the player's own handle hears on from there.
  audio.addEventListener("seeking", () => {
    if (Math.abs(audio.currentTime - startsAt) > 0.05) release();
    // Where it plays already no "play" follows.
    if (!audio.paused) tell();
  });
  audio.addEventListener("timeupdate", follow);
}
