// Keeps the room true while it is looked at.
const room = document.querySelector("[data-from]");
let shown = "";
async function look() {
  if (!document.hidden && !room.contains(document.activeElement)) {
    try {
      const answer = await fetch(room.dataset.from);
      const text = answer.ok ? await answer.text() : shown;
      if (text !== shown) {
        shown = text;
        room.innerHTML = text;
      }
      room.classList.remove("stale");
    } catch {
      room.classList.add("stale");
    }
  }
  setTimeout(look, 700);
}
if (room) look();
