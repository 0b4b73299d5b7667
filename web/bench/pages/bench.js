// Keeps the room and the one-time codes true while they are looked at.
const parts = [...document.querySelectorAll("[data-from]")].map((of) => ({ of, shown: "" }));
function put(part, text) {
  if (part.of.contains(document.activeElement)) {
    // The focus stays where it is: only what goes by the clock is renewed.
    const next = document.createElement("template");
    next.innerHTML = text;
    const now = part.of.querySelectorAll("[data-now]"), then = next.content.querySelectorAll("[data-now]");
    if (now.length === then.length) now.forEach((e, i) => (e.textContent = then[i].textContent));
  } else if (text !== part.shown) {
    part.shown = text;
    part.of.innerHTML = text;
  }
}
async function look() {
  for (const part of document.hidden ? [] : parts) {
    try {
      const answer = await fetch(part.of.dataset.from);
      if (answer.ok) put(part, await answer.text());
      part.of.classList.remove("stale");
    } catch {
      part.of.classList.add("stale");
    }
  }
  setTimeout(look, 700);
}
if (parts.length) look();
