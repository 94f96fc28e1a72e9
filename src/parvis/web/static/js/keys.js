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

const press = (selector) => current()?.querySelector(selector)?.click();

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  l: () => press(".like"),
  t: () => press(".repost"),
  r: () => press(".reply"),
  b: () => press("[data-bookmark]"),
  u: () => location.assign("/notifications"),
  h: () => location.assign("/"),
  o: () => press(".picture"),
  Enter: () => document.activeElement?.matches(".post") && current().dataset.href && (location.href = current().dataset.href),
  n: () => me && import("./composer.js").then((module) => module.openComposer({ href: "/compose" })),
  ".": () => showWaiting(),
  g: () => scrollTo({ top: 0 }),
  "/": () => {
    const search = document.querySelector("[data-search]");
    if (search?.offsetParent) search.focus();
    else location.href = "/search";
  },
  "?": () => document.querySelector("#keys").showModal(),
};

// A thread opens at its post.
function showFocused() {
  const post = document.querySelector(".ancestor ~ .focused");
  if (post?.getBoundingClientRect().bottom > innerHeight && !scrollY) post.scrollIntoView({ block: "center" });
}

export function startKeys() {
  showFocused();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details[data-menu][open]")) menu.open = false;
      return;
    }
    if (event.key === "Enter" && !event.target.matches(".post")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) document.querySelector("#keys").showModal();
  });
}
