// The feed: older posts follow as one scrolls, new ones wait under a pill (or drop in when one is at the top) without
// moving what is being read. What has scrolled far away leaves the page and comes back with the eye.
import { cameBack, element, getPage, hear, make, me, say } from "./page.js";

const AT_TOP = 300; // pixels
const FAR = "3500px"; // beyond which a unit of posts leaves the page
const KEPT = 3; // units of those whose posts are held; others are read again
const PLACES = 30; // of this tab's pages at which one may come back to one's place
const PAGE = 20; // posts of a unit
const waiting = [];
const kept = new Map(); // unit -> posts
const busy = new Set(); // parts of the feed that are being read

export const feedOf = () => document.querySelector("[data-feed]");
const entries = (root) => [...root.querySelectorAll("[data-feed] > .posts-unit > *")];
export const topOf = (node) => node.getBoundingClientRect().top;
const heightOf = (node) => node.getBoundingClientRect().height;
const newOf = (page) => entries(page).filter(({ dataset }) => !dataset.entry || !find(dataset.entry));
export const find = (entry) => feedOf().querySelector(`[data-entry="${CSS.escape(entry)}"]`);

export function claim(post) {
  const mine = post.dataset.author === me;
  for (const part of post.querySelectorAll("[data-own]")) part.hidden = !mine;
  for (const part of post.querySelectorAll("[data-not-own]")) part.hidden = mine;
  return post;
}

function showPill() {
  const pill = document.querySelector("[data-pill]");
  if (!pill) return;
  const posts = waiting.filter(({ dataset }) => dataset.entry).length;
  pill.hidden = !posts;
  pill.querySelector("span").textContent = posts === 1 ? say("new_post") : say("new_posts", { n: posts });
}

export function showWaiting({ scroll = true } = {}) {
  const feed = feedOf();
  if (!feed) return;
  for (const post of waiting.splice(0)) {
    post.classList.add("arriving");
    feed.prepend(post);
  }
  feed.ariaBusy = "false";
  gather();
  watch();
  showPill();
  document.querySelector(".empty")?.remove();
  if (scroll && scrollY > 0) scrollTo({ top: 0, behavior: "smooth" });
}

const begunBelow = () => document.querySelector(".newer:not([hidden])"); // this is not the top of the feed

export function arrive(told) {
  const feed = feedOf();
  if (!feed || document.querySelector(`[data-entry="${told.id}"]`) || waiting.some((post) => post.dataset.entry === told.id)) return;
  if (begunBelow()) return;
  const post = claim(element(told.html));
  waiting.push(post);
  if (told.author !== me) hear(say("heard", { name: told.name }));
  if (told.author === me || (scrollY < AT_TOP && !document.querySelector("dialog[open]"))) showWaiting({ scroll: false });
  else showPill();
}

export function depart(id) {
  const gone = ({ dataset }) => dataset.entry === id || dataset.post === id;
  // those that wait, or were left behind, are not on the page
  for (const posts of [waiting, ...kept.values()]) posts.splice(0, Infinity, ...posts.filter((post) => !gone(post)));
  for (const post of [...document.querySelectorAll("[data-post]")].filter(gone)) post.remove();
  showPill();
}

// More came than the page that was read holds: what is between it and the feed follows when the eye comes there.
export function leaveGap(older) {
  if (begunBelow()) return;
  older.classList.add("gap");
  waiting.push(older);
}

// Posts that came by themselves become a unit, too, when they are many: it can be left behind, and read again.
function gather() {
  const posts = [...feedOf().querySelectorAll(":scope > .post")];
  const last = posts.findIndex((post) => !post.nextElementSibling?.matches(".post"));
  const run = posts.slice(0, last + 1);
  if (run.length < 2 * PAGE) return;
  const whole = run.slice(-PAGE);
  if (whole.some((post) => post.contains(document.activeElement))) return;
  const unit = unitAt(`${location.pathname}?max_id=${BigInt(whole[0].dataset.entry) + 1n}`);
  whole.at(-1).after(unit);
  unit.append(...whole);
  gather();
}

function skeletons() {
  const place = make("div", { className: "skeletons", ariaHidden: "true" });
  for (let n = 0; n < 3; n += 1) {
    const lines = make("div", {}, make("i"), make("i"), make("i"));
    place.append(make("div", { className: "skeleton" }, make("i"), lines));
  }
  return place;
}

// Change the page above the eye, and leave what is being read where it is.
function steadily(change) {
  const read = [...feedOf().querySelectorAll("[data-entry]")].find((post) => post.getBoundingClientRect().bottom > 0);
  const before = read ? topOf(read) : innerHeight;
  change();
  if (before < innerHeight && topOf(read) !== before) scrollBy({ top: topOf(read) - before, behavior: "instant" });
  document.dispatchEvent(new Event("parvis:shown"));
}

// A post that is not drawn takes the room that it will when it is: it is laid out once, and measured.
export function measure(posts) {
  for (const post of posts) post.classList.add("whole");
  const rooms = posts.map((post) => {
    const { paddingTop, paddingBottom, borderBottomWidth } = getComputedStyle(post);
    return [paddingTop, paddingBottom, borderBottomWidth].reduce((left, edge) => left - parseFloat(edge), heightOf(post));
  });
  for (const [place, post] of posts.entries()) {
    post.classList.remove("whole");
    post.style.containIntrinsicBlockSize = `auto ${rooms[place]}px`;
  }
}

export const postsOf = (unit) => [...unit.querySelectorAll(":scope > .post")];

// The same one by one, while there is nothing else to do.
function measureAtLeisure([post, ...others]) {
  if (!post) return;
  (self.requestIdleCallback || setTimeout)(() => {
    measure([post]);
    measureAtLeisure(others);
  });
}

// A unit is a page of the feed: where it is read, and for as long as it is far from the eye nothing but its height.
export function unitAt(from, height = 0) {
  const unit = make("div", { className: "posts-unit" });
  unit.dataset.from = from;
  if (height) unit.style.blockSize = `${height}px`;
  return unit;
}

const watcher = new IntersectionObserver((seen) => {
  for (const { target: unit, isIntersecting } of seen) {
    if (isIntersecting && unit.style.blockSize) fill(unit);
    else if (!isIntersecting && unit.firstElementChild && !unit.contains(document.activeElement)) empty(unit);
  }
}, { rootMargin: FAR });

function empty(unit) {
  unit.style.blockSize = `${heightOf(unit)}px`;
  kept.set(unit, [...unit.children]);
  unit.replaceChildren();
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
}

// Read a page for a part of the feed, one at a time for each; nothing when the network is away.
async function read(part, url) {
  const feed = feedOf();
  busy.add(part);
  feed.ariaBusy = "true";
  const page = await getPage(url).catch(() => null);
  busy.delete(part);
  feed.ariaBusy = String(busy.size > 0);
  return page;
}

export async function fill(unit) {
  if (busy.has(unit)) return;
  const page = kept.has(unit) ? null : await read(unit, unit.dataset.from);
  if (!page && !kept.has(unit)) return;
  steadily(() => {
    unit.append(...(kept.get(unit) || newOf(page)));
    unit.style.blockSize = "";
    measure(postsOf(unit));
  });
  kept.delete(unit);
  watcher.unobserve(unit); // it tells anew whether the unit is still near
  watcher.observe(unit);
}

// Read the page a link leads to: older posts below, newer ones above, or those of a gap until it meets what is here.
// Its own way on stands in place of the one here.
async function follow(link) {
  const place = link.closest(".older, .newer");
  if (busy.has(place)) return;
  const above = place.matches(".newer");
  const gap = place.matches(".gap");
  const bones = skeletons();
  if (!above) place.append(bones);
  link.hidden = !above;
  const page = await read(place, link.href);
  link.hidden = false;
  bones.remove();
  if (!page) return; // it may be pressed
  const unit = unitAt(page.querySelector(".posts-unit")?.dataset.from || link.href);
  unit.append(...newOf(page));
  const met = gap && unit.childElementCount < entries(page).length;
  const next = met ? null : page.querySelector(above ? ".newer" : gap ? ".older" : ".older, .older-end");
  next?.classList.toggle("gap", gap);
  steadily(() => {
    if (above) feedOf().prepend(unit);
    else if (gap) place.before(unit);
    else feedOf().append(unit);
    if (next) place.replaceWith(next);
    else if (above) place.hidden = true;
    else place.remove();
    measure(postsOf(unit));
  });
  watch();
}

const ends = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    const link = target.querySelector("a");
    if (isIntersecting && link) follow(link);
  }
}, { rootMargin: "1200px" });

// The place one was at is written down on leaving, under a name that this entry of the tab's history keeps.
const nameOf = () => `parvis-place:${history.state?.place}`;

function leave() {
  const units = [...feedOf().querySelectorAll(".posts-unit, .gap")];
  const post = [...feedOf().querySelectorAll("[data-entry]")].find((one) => one.getBoundingClientRect().bottom > 60);
  if (!post || scrollY < AT_TOP) return sessionStorage.removeItem(nameOf());
  const left = {
    units: post.closest(".posts-unit") ? units.map((unit) => [unit.dataset.from || unit.querySelector("a").href, heightOf(unit), unit.matches(".gap")]) : [],
    into: -topOf(units[0]),
    entry: post.dataset.entry,
    top: topOf(post),
    newer: document.querySelector("[data-newer]")?.href,
    older: document.querySelector(".older:not(.gap) [data-older]")?.href,
    end: document.querySelector(".older-end")?.textContent,
  };
  sessionStorage.setItem(nameOf(), JSON.stringify(left));
  const names = Object.keys(sessionStorage).filter((name) => name.startsWith("parvis-place:")).sort();
  for (const name of names.slice(0, -PLACES)) sessionStorage.removeItem(name);
}

export function watch() {
  if (document.querySelector(".landing")) return; // there the link leads on to the square
  for (const unit of document.querySelectorAll(".posts-unit")) watcher.observe(unit);
  for (const end of document.querySelectorAll(".newer, .older")) ends.observe(end);
}

// What could not be read without a network is read once it is back, where the eye is.
function watchAnew() {
  watcher.disconnect();
  ends.disconnect();
  watch();
}

export async function startFeed() {
  document.querySelector("[data-pill] button")?.addEventListener("click", () => showWaiting());
  if (!feedOf()) return;
  const first = feedOf().querySelector(".posts-unit");
  first.dataset.from ||= location.href;
  measureAtLeisure(postsOf(first));
  if (document.querySelector(".landing")) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-newer], [data-older]");
    if (!link) return;
    event.preventDefault();
    follow(link);
  });
  if (!history.state?.place) history.replaceState({ place: String(performance.timeOrigin) }, "");
  addEventListener("pagehide", leave);
  addEventListener("online", watchAnew);
  document.addEventListener("parvis:back", watchAnew);
  const left = sessionStorage.getItem(nameOf());
  if (left && cameBack) {
    feedOf().ariaBusy = "true"; // until one is where one was
    await (await import("./returning.js")).comeBack(JSON.parse(left));
    feedOf().ariaBusy = String(busy.size > 0);
  }
  watch();
}
