// Imagine: words in the composer become a drawing that is watched, cancelled, tried again, and kept.
import { wear } from "./dressing.js";
import { attach } from "./pictures.js";
import { element, get, send, toast } from "./page.js";

const UNDER_WAY = ["queued", "drawing"];
const LOOK_AGAIN = 4000; // ms: should the stream be silent, ask

await wear("writing");

// A card takes the place of the one before, and the focus where that had it.
function swap(shown, fresh, focused = shown.contains(document.activeElement)) {
  const before = document.activeElement?.getAttribute("formaction");
  shown.replaceWith(fresh);
  const buttons = [...fresh.querySelectorAll("button, a")];
  if (focused) (buttons.find((one) => one.getAttribute("formaction") === before) || buttons[0])?.focus({ preventScroll: true });
}

export function showDrawing(told) {
  const shown = document.querySelector(`#drawing-${CSS.escape(told.id)}`);
  if (!shown) return;
  const fresh = element(told.html);
  // the bar is kept, so that it grows instead of jumping
  const bar = shown.querySelector("progress");
  const grown = fresh.querySelector("progress");
  if (bar && grown && shown.dataset.state === fresh.dataset.state && shown.querySelector("img")?.src === fresh.querySelector("img")?.src) {
    bar.value = grown.value;
    return;
  }
  swap(shown, fresh);
}

function showUnits(told) {
  if (!told.units) return;
  for (const units of document.querySelectorAll("[data-units]")) units.textContent = told.units;
}

function watch(id) {
  const timer = setInterval(async () => {
    const shown = document.querySelector(`#drawing-${CSS.escape(id)}`);
    if (!shown || !UNDER_WAY.includes(shown.dataset.state)) {
      clearInterval(timer);
      return;
    }
    const told = await get(`/drawings/${id}`).catch(() => null);
    if (told) showDrawing(told);
  }, LOOK_AGAIN);
}

async function draw(form, button) {
  const easel = form.querySelector("[data-easel]");
  const body = new URLSearchParams({ prompt: form.elements.prompt.value, style: form.elements.style?.value || "" });
  button.disabled = true;
  try {
    const told = await send("/drawings", body);
    easel.replaceChildren(element(told.html));
    easel.scrollIntoView({ block: "nearest", behavior: "smooth" });
    showUnits(told);
    watch(told.id);
  } catch (refusal) {
    toast(refusal.message, { bad: true });
  }
  button.disabled = false;
}

async function change(button) {
  // looked up now: while we wait, the stream may put a fresh card in this one's place
  const shown = button.closest("[data-drawing]");
  const form = button.closest("[data-composer]");
  const easel = shown.parentElement;
  button.disabled = true;
  try {
    const told = await send(button.formAction);
    showUnits(told);
    if (told.media) {
      if (!form) {
        location.href = `/compose?media=${told.media}`;
        return;
      }
      attach(form, told, shown);
      easel.replaceChildren();
      form.querySelector("[data-imagine]").open = false;
      form.elements.text.focus();
    } else {
      const now = document.querySelector(`#drawing-${CSS.escape(shown.dataset.drawing)}`) || shown;
      swap(now, element(told.html), true);
      watch(told.id);
    }
  } catch (refusal) {
    toast(refusal.message, { bad: true });
    button.disabled = false;
  }
}

export function clickedImagine(found) {
  if (found.matches("[data-imagine-open]")) {
    const panel = found.closest("form").querySelector("[data-imagine]");
    panel.open = !panel.open;
    if (panel.open) panel.querySelector("input")?.focus();
  } else if (found.matches("[data-draw]")) draw(found.form, found);
  else change(found);
}

export function watchDrawings() {
  for (const shown of document.querySelectorAll("[data-drawing]")) watch(shown.dataset.drawing);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "prompt") return;
  event.preventDefault();
  event.target.closest("form").querySelector("[data-draw]")?.click();
});
