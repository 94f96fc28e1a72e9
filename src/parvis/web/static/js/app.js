// Brings the page to life. What every page needs is here at once; every other module comes when it is first needed.
// Without any of them everything still works by forms and links.
import { startFeed } from "./feed.js";
import { startLive } from "./live.js";
import { cameBack, me, say, toast } from "./page.js";
import { startTimes } from "./times.js";

startTimes();
startFeed();
startLive();

// A click that a module of its own answers: the module is fetched, then told.
const ACTED = "button.action[formaction], [data-follow] button[formaction], [data-hide], [data-peek], [data-reactions] button, [data-copy], button[data-confirm], "
  + ".menu button[formaction]:not([formaction$='/unmute'], [formaction$='/unblock'])";
const ANSWERED = [
  ["a[data-compose], a[data-reply], a[data-quote]", "composer", "openComposer"],
  ["[data-unfold]", "composer", "turn"],
  ["[data-imagine-open], [data-draw], [data-drawing] button[formaction]", "imagine", "clickedImagine"],
  ["a[data-lightbox]", "lightbox", "openLightbox"],
  ["[data-history]", "history", "showHistory"],
  ["[data-keys]", "keys", "showKeys"],
  [ACTED, "actions", "act"],
];

// A click elsewhere closes what is open; where a sheet lies over the page, it does nothing else.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu.contains(event.target)) continue;
    menu.open = false;
    if (matchMedia("(max-width: 43.99rem)").matches) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }
});

// Whoever sent a form and then goes back means the page before it: the form still says what it did before.
const note = (said) => history.replaceState({ ...history.state, ...said }, "");
const cameByReading = () => document.referrer.startsWith(location.origin) && !history.state?.answer;

// Or goes back to that very page: it is read again, for what stood on it was acted upon. A refusal stays as it was.
function readAnew() {
  if (!history.state?.sent || document.querySelector("main [role=alert]")) return;
  note({ sent: false });
  location.reload();
}
if (cameBack) readAnew();
addEventListener("pageshow", (event) => event.persisted && readAnew());

// And whom a form brings back to the same page is left where they were.
const PLACE = "parvis:place";
const controls = () => [...document.querySelectorAll("main :is(a[href], button, input, select, textarea, summary)")];
const left = JSON.parse(sessionStorage.getItem(PLACE));
sessionStorage.removeItem(PLACE);
if (left) {
  note({ answer: true });
  import("./resuming.js").then((module) => module.resume(left, controls));
}

document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  for (const [selector, module, answer] of ANSWERED) {
    const found = event.target.closest(selector);
    if (!found || (found.matches("[data-draw]") && !found.form.matches("[data-composer]"))) continue;
    event.preventDefault();
    import(`./${module}.js`).then((come) => come[answer](found), () => toast(say("offline"), { bad: true }));
    return;
  }
  if (event.target.closest("[data-back]") && history.length > 1 && cameByReading()) {
    event.preventDefault();
    history.back();
    return;
  }
  // anywhere on a post that is not something else opens it
  const post = event.target.closest(".post[data-href]:not(.focused)");
  if (post && !event.target.closest("a, button, summary, details, input, textarea, label, video, audio") && !String(getSelection())) {
    location.href = post.dataset.href;
  }
});
document.addEventListener("change", async (event) => {
  if (event.target.matches("input[data-look]")) (await import("./actions.js")).chooseLook(event.target);
});

// Pages that one goes back to learn what was done since.
addEventListener("pageshow", ({ persisted }) => {
  if ((persisted || cameBack) && sessionStorage.getItem(`parvis:turned:${me}`)) import("./actions.js").then((module) => module.recall());
});

// What is about to be pressed is fetched when the finger or the arrow comes near; the composer wakes then too.
const near = (event) => {
  if (event.target.closest?.("[data-composer]")) import("./composer.js").then((module) => module.startComposer(document));
  else if (event.target.closest?.(".actions, [data-follow], [data-menu]")) import("./actions.js");
};
for (const touch of ["focusin", "pointerover", "input"]) document.addEventListener(touch, near, { passive: true });
document.addEventListener("submit", async (event) => {
  const own = event.target.matches("[data-vote]") ? "vote" : event.target.matches("[data-translate]") && "translate";
  if (own) {
    event.preventDefault();
    (await import("./actions.js"))[own](event.target);
    return;
  }
  if (!event.target.matches("[data-composer]") || (event.submitter && !event.submitter.matches("[data-send]"))) {
    if (event.target.method === "post" && !event.defaultPrevented) {
      const place = document.activeElement.matches(":focus-visible") ? controls().indexOf(event.submitter) : -1;
      note({ sent: true });
      sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollY, place]));
    }
    return;
  }
  event.preventDefault();
  (await import("./composer.js")).post(event.target);
});
if (document.activeElement?.closest("[data-composer]") || document.querySelector(".composer-page [data-composer]")) {
  import("./composer.js").then((module) => module.startComposer(document));
}
if (document.querySelector("[data-drawing]")) import("./imagine.js").then((module) => module.watchDrawings());
const offer = ({ target }) => {
  const start = target.matches("[data-search]") ? "startSearch" : target.matches("[data-who]") && "startNaming";
  if (start) import("./searching.js").then((module) => module[start](target));
};
document.addEventListener("focusin", offer);
offer({ target: document.activeElement || document.body });

// Keys come with the first that is pressed.
let keys = null;
document.addEventListener("keydown", async (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (!keys) {
    if ("/.?".includes(event.key) && !event.target.closest("input, textarea, select")) event.preventDefault();
    keys = await import("./keys.js");
  }
  keys.press(event);
});

// Sheets are let go of by a swipe downwards.
addEventListener("touchstart", () => import("./sheets.js").then((module) => module.startSheets()), { once: true, passive: true });

// A thread opens at its post, and a row of tabs at the one that is open.
const post = document.querySelector(".ancestor ~ .focused");
if (post?.getBoundingClientRect().bottom > innerHeight && !scrollY) post.scrollIntoView({ block: "center" });
const tab = document.querySelector(".tabs.scrolling [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - tab.parentElement.clientWidth / 2;

// What was seen can be read again without a network, and what was written then goes out when it is back.
const flush = () => me && localStorage.getItem("parvis-outbox") && import("./outbox.js").then((module) => module.flush());
addEventListener("load", () => {
  navigator.serviceWorker?.register("/sw.js").catch(() => {});
  flush();
});
addEventListener("online", flush);
document.addEventListener("parvis:back", flush);
const tellAway = () => toast(say("away"));
navigator.serviceWorker?.addEventListener("message", ({ data }) => (data === "kept" ? tellAway() : document.dispatchEvent(new Event("parvis:back"))));
addEventListener("offline", tellAway);
