// Suggestions while one searches, or names somebody: people and hashtags that begin so.
import { Completing } from "./completing.js";
import { me } from "./page.js";

// What a member searched for last, on this device alone.
const KEPT = `parvis-searches-${me}`;
const MOST = 6;
const recent = () => JSON.parse(localStorage.getItem(KEPT) || "[]");

function keep(words) {
  if (me && words) localStorage.setItem(KEPT, JSON.stringify([words, ...recent().filter((other) => other !== words)].slice(0, MOST)));
}

function recalled(forget) {
  const found = recent().map((words) => ({ label: words, path: `/search?q=${encodeURIComponent(words)}` }));
  return found.length ? { options: [...found, { label: forget, forget: true }] } : null;
}

function start(field, find, take) {
  if (field.dataset.awake !== undefined) return null;
  field.dataset.awake = "";
  const completing = new Completing(field, find, take);
  // nothing is chosen until one walks down: Enter sends the words
  const show = completing.show.bind(completing);
  completing.show = (options) => {
    show(options);
    completing.at = -1;
    completing.mark();
  };
  if (field.value !== field.defaultValue) completing.later(); // typed before this module came
  return completing;
}

export function startSearch(field) {
  const { forget } = field.dataset;
  const find = (text) => (text.trim().length > 1 ? { ask: text.trim() } : !text && forget ? recalled(forget) : null);
  const completing = start(field, find, (option) => {
    if (option.forget) localStorage.removeItem(KEPT);
    else location.href = option.path;
  });
  if (!completing) return;
  field.addEventListener("click", () => field.value || completing.later());
  field.addEventListener("keydown", (event) => event.key === "ArrowDown" && !field.value && completing.list.hidden && completing.later());
}

// The page of what was found remembers what was looked for: this module may have come too late to see it sent.
const asked = document.querySelector(".search-page [data-search]");
if (asked) {
  startSearch(asked);
  keep(asked.defaultValue.trim());
}

export function startNaming(field) {
  const within = field.dataset.who === "followed" ? "&following=1" : "";
  const find = (text) => (text.trim() ? { ask: `@${text.trim().replace(/^@/, "")}`, within } : null);
  start(field, find, (option) => (field.value = option.put.slice(1)));
}
