// The page by keyboard: j and k walk the posts, and each verb has its letter.
import { showWaiting } from "./feed.js";
import { me } from "./page.js";

const posts = () => [...document.querySelectorAll(".post:not([hidden])")];
const current = () => document.querySelector(".post.current") || document.activeElement?.closest(".post");

function walk(step) {
  const all = posts();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = at < 0 ? all.find((post) => post.getBoundingClientRect().bottom > 80) : all[Math.min(all.length - 1, Math.max(0, at + step))];
  current()?.classList.remove("current");
  next.classList.add("current");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest", behavior: "auto" });
}

const click = (selector) => current()?.querySelector(selector)?.click();

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  l: () => click(".like"),
  t: () => click(".repost"),
  r: () => click(".reply"),
  b: () => click("[data-bookmark]"),
  u: () => location.assign("/notifications"),
  h: () => location.assign("/"),
  o: () => click(".picture"),
  Enter: () => document.activeElement?.matches(".post") && current().dataset.href && (location.href = current().dataset.href),
  n: () => me && import("./composer.js").then((module) => module.openComposer({ href: "/compose" })),
  ".": () => showWaiting(),
  g: () => scrollTo({ top: 0 }),
  "/": () => {
    const search = document.querySelector("[data-search]");
    if (search?.offsetParent) search.focus();
    else location.href = "/search";
  },
  "?": () => showKeys(),
};

export const showKeys = () => document.querySelector("#keys").showModal();

export function press(event) {
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (document.activeElement.matches("input")) return; // one typed on after "/", before this module came
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.key === "Enter" && !event.target.matches(".post")) return;
  if (!Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
}
