// The feed: older posts follow as one scrolls, new ones wait under a pill (or drop in when one is at the top) without
// moving what is being read. What has scrolled far away leaves the page and comes back with the eye.
import { element, getPage, hear, make, me, say } from "./page.js";

const AT_TOP = 300; // pixels
const FAR = "3500px"; // beyond which a unit of posts leaves the page
const KEPT = 20; // units whose HTML is held; others are read again
const waiting = [];
const kept = new Map(); // unit -> HTML

export const feedOf = () => document.querySelector("[data-feed]");

export function claim(post) {
  const mine = post.dataset.author === me;
  for (const part of post.querySelectorAll("[data-own]")) part.hidden = !mine;
  for (const part of post.querySelectorAll("[data-not-own]")) part.hidden = mine;
  return post;
}

function showPill() {
  const pill = document.querySelector("[data-pill]");
  if (!pill) return;
  pill.hidden = !waiting.length;
  pill.querySelector("span").textContent = waiting.length === 1 ? say("new_post") : say("new_posts", { n: waiting.length });
}

export function showWaiting({ scroll = true } = {}) {
  const feed = feedOf();
  if (!feed) return;
  for (const post of waiting.splice(0)) {
    post.classList.add("arriving");
    feed.prepend(post);
  }
  showPill();
  document.querySelector(".empty")?.remove();
  if (scroll && scrollY > 0) scrollTo({ top: 0, behavior: "smooth" });
}

export function arrive(told) {
  const feed = feedOf();
  if (!feed || document.querySelector(`[data-entry="${told.id}"]`) || waiting.some((post) => post.dataset.entry === told.id)) return;
  if (document.querySelector("[data-newer]")) return; // this is not the top of the feed
  const post = claim(element(told.html));
  waiting.push(post);
  if (told.author !== me) hear(say("heard", { name: told.name }));
  if (told.author === me || (scrollY < AT_TOP && !document.querySelector("dialog[open]"))) showWaiting({ scroll: false });
  else showPill();
}

export function depart(id) {
  for (const post of document.querySelectorAll(`[data-entry="${id}"], [data-post="${id}"]`)) post.remove();
}

function skeletons() {
  const place = make("div", { className: "skeletons", ariaHidden: "true" });
  for (let n = 0; n < 3; n += 1) {
    const lines = make("div", {}, make("i"), make("i"), make("i"));
    place.append(make("div", { className: "skeleton" }, make("i"), lines));
  }
  return place;
}

// Units far from the eye give their posts back, and keep their place by their height.
const watcher = new IntersectionObserver(async (seen) => {
  for (const { target: unit, isIntersecting } of seen) {
    if (!unit.isConnected) continue;
    if (isIntersecting && !unit.firstElementChild) await fill(unit);
    else if (!isIntersecting && unit.firstElementChild && !unit.contains(document.activeElement)) empty(unit);
  }
}, { rootMargin: FAR });

function empty(unit) {
  unit.style.blockSize = `${unit.offsetHeight}px`;
  kept.set(unit, unit.innerHTML);
  unit.replaceChildren();
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

async function fill(unit) {
  const html = kept.get(unit);
  kept.delete(unit);
  if (html) unit.innerHTML = html;
  else {
    const page = await getPage(unit.dataset.from).catch(() => null);
    if (!page) return;
    unit.replaceChildren(...page.querySelectorAll("[data-feed] > *"));
  }
  unit.style.blockSize = "";
  document.dispatchEvent(new Event("parvis:shown"));
}

const known = (entry) => entry.dataset.entry && document.querySelector(`[data-entry="${entry.dataset.entry}"]`);

// Read the page a link leads to: older posts below, newer ones above.
async function follow(link, above) {
  if (link.dataset.loading) return;
  link.dataset.loading = "1";
  const feed = feedOf();
  const place = link.closest(".older, .newer");
  feed.setAttribute("aria-busy", "true");
  const bones = above ? null : skeletons();
  if (bones) feed.append(bones);
  try {
    const page = await getPage(link.href);
    const unit = make("div", { className: "posts-unit" });
    unit.dataset.from = link.href;
    unit.append(...[...page.querySelectorAll("[data-feed] > *")].filter((entry) => !known(entry)));
    bones?.remove();
    const tall = document.documentElement.scrollHeight;
    if (above) feed.prepend(unit);
    else feed.append(unit);
    const next = page.querySelector(above ? "[data-newer]" : "[data-older]");
    const end = page.querySelector(".older-end");
    if (next) link.href = next.href;
    else place.replaceWith(...(!above && end ? [end] : []));
    if (above && !CSS.supports("overflow-anchor", "auto")) scrollBy(0, document.documentElement.scrollHeight - tall);
    watcher.observe(unit);
    document.dispatchEvent(new Event("parvis:shown"));
  } catch {
    bones?.remove();
  }
  delete link.dataset.loading;
  feed.setAttribute("aria-busy", "false");
  // the observer tells of changes only: ask it anew
  if (link.isConnected) [ends.unobserve(place), ends.observe(place)];
}

const ends = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    const link = target.querySelector("a");
    if (isIntersecting && link) follow(link, target.matches(".newer"));
  }
}, { rootMargin: "1200px" });

// The place one was at is written down on leaving, and found again on coming back.
const place = () => `parvis-place:${location.pathname}${location.search}`;

function leave() {
  const feed = feedOf();
  const top = [...feed.querySelectorAll("[data-entry]")].find((post) => post.getBoundingClientRect().bottom > 60);
  if (!top || scrollY < AT_TOP) return sessionStorage.removeItem(place());
  const units = [...feed.querySelectorAll(".posts-unit")].map((unit) => unit.dataset.from);
  const state = { units, entry: top.dataset.entry, top: top.getBoundingClientRect().top };
  sessionStorage.setItem(place(), JSON.stringify(state));
}

async function comeBack() {
  const told = sessionStorage.getItem(place());
  const [how] = performance.getEntriesByType("navigation");
  if (!told || how?.type !== "back_forward") return;
  const state = JSON.parse(told);
  const at = () => document.querySelector(`[data-entry="${CSS.escape(state.entry)}"]`);
  history.scrollRestoration = "manual";
  for (let n = 0; !at() && n <= state.units.length; n += 1) {
    const link = document.querySelector("[data-older]");
    if (!link) break;
    await follow(link, false);
  }
  const post = at();
  // what lies above takes its real height once it comes near: go there again until all stands still
  for (let frame = 0, still = 0; post && frame < 40 && still < 3; frame += 1) {
    const off = post.getBoundingClientRect().top - state.top;
    still = Math.abs(off) < 2 ? still + 1 : 0;
    if (!still) scrollBy({ top: off, behavior: "instant" });
    await new Promise(requestAnimationFrame);
  }
  history.scrollRestoration = "auto";
}

export function startFeed() {
  document.querySelector("[data-pill] button")?.addEventListener("click", () => showWaiting());
  // on the landing page the link leads on to the square instead
  if (!feedOf() || document.querySelector(".landing")) return;
  addEventListener("pagehide", leave);
  comeBack().then(() => {
    for (const link of document.querySelectorAll("[data-older], [data-newer]")) {
      const above = link.matches("[data-newer]");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        follow(link, above);
      });
      ends.observe(link.closest(".older, .newer"));
    }
  });
}
