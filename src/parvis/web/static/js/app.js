// Brings the page to life. What every page needs is here at once; every other module comes when it is first needed.
// Without any of them everything still works by forms and links.
import { startActions } from "./actions.js";
import { startFeed } from "./feed.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { me, say, toast } from "./page.js";
import { startTimes } from "./times.js";

startTimes();
startActions();
startFeed();
startKeys();
startLive();

// A click that a module of its own answers: the module is fetched, then told.
const ANSWERED = [
  ["a[data-compose], a[data-reply], a[data-quote], a[data-edit]", "composer", "openComposer"],
  ["[data-imagine-open], [data-draw], [data-drawing] button[formaction]", "imagine", "clickedImagine"],
  ["a[data-lightbox]", "lightbox", "openLightbox"],
  ["[data-history]", "history", "showHistory"],
];

document.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  for (const [selector, module, answer] of ANSWERED) {
    const found = event.target.closest(selector);
    if (!found || (found.matches("[data-draw]") && !found.form.matches("[data-composer]"))) continue;
    event.preventDefault();
    (await import(`./${module}.js`))[answer](found);
    return;
  }
});

// The composer wakes at the first touch.
const wake = (event) => event.target.closest?.("[data-composer]") && import("./composer.js").then((module) => module.startComposer(document));
for (const touch of ["focusin", "pointerover", "input"]) document.addEventListener(touch, wake, { passive: true });
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-composer]") || (event.submitter && !event.submitter.matches("[data-send]"))) return;
  event.preventDefault();
  (await import("./composer.js")).post(event.target);
});
if (document.activeElement?.closest("[data-composer]") || document.querySelector(".composer-page [data-composer]")) {
  import("./composer.js").then((module) => module.startComposer(document));
}
if (document.querySelector("[data-drawing]")) import("./imagine.js").then((module) => module.watchDrawings());
document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-search]")) import("./searching.js").then((module) => module.startSearch(event.target));
});

// Sheets are let go of by a swipe downwards.
if (matchMedia("(pointer: coarse)").matches) import("./sheets.js").then((module) => module.startSheets());

// What was seen can be read again without a network, and what was written then goes out when it is back.
addEventListener("load", () => {
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
  if (me && localStorage.getItem("parvis-outbox")) import("./outbox.js").then((module) => module.flush());
});
addEventListener("online", () => {
  if (me && localStorage.getItem("parvis-outbox")) import("./outbox.js").then((module) => module.flush());
});
addEventListener("offline", () => toast(say("away")));

// A passage from page to page that is cut short is no accident.
for (const passage of ["pageswap", "pagereveal"]) {
  addEventListener(passage, ({ viewTransition }) => {
    for (const part of ["ready", "finished", "updateCallbackDone"]) viewTransition?.[part]?.catch(() => {});
  });
}
