// Sheets at the bottom of a phone follow the thumb, and go when they are let go of low enough.
const FAR = 90; // pixels
let held = null;

function sheetAt(target) {
  const head = target.closest(".dialog-head");
  if (head) return { sheet: head.closest("dialog"), close: (sheet) => sheet.close() };
  const menu = target.closest("details[data-menu] > .menu");
  if (menu && getComputedStyle(menu).position === "fixed") return { sheet: menu, close: (sheet) => (sheet.parentElement.open = false) };
  return null;
}

export function startSheets() {
  document.addEventListener("touchstart", (event) => {
    const found = sheetAt(event.target);
    held = found && { ...found, from: event.touches[0].clientY };
  }, { passive: true });
  document.addEventListener("touchmove", (event) => {
    if (!held) return;
    const down = Math.max(0, event.touches[0].clientY - held.from);
    held.sheet.style.translate = `0 ${down}px`;
    held.down = down;
  }, { passive: true });
  document.addEventListener("touchend", () => {
    if (!held) return;
    const { sheet, close, down = 0 } = held;
    held = null;
    if (down > FAR) close(sheet);
    sheet.style.translate = "";
  });
}
