// The feed: older posts follow as one scrolls, new ones wait under a pill (or drop in when one is at the top) without
// moving what is being read.
import { element, hear, me, say } from "./page.js";

const AT_TOP = 300; // pixels
const waiting = [];

export function claim(post) {
  const mine = post.dataset.author === me;
  for (const part of post.querySelectorAll("[data-own]")) part.hidden = !mine;
  for (const part of post.querySelectorAll("[data-other]")) part.hidden = mine;
  return post;
}

function showPill() {
  const pill = document.querySelector("[data-pill]");
  if (!pill) return;
  pill.hidden = !waiting.length;
  pill.querySelector("span").textContent = waiting.length === 1 ? say("new_post") : say("new_posts", { n: waiting.length });
}

export function showWaiting({ scroll = true } = {}) {
  const feed = document.querySelector("[data-feed]");
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
  const feed = document.querySelector("[data-feed]");
  if (!feed || document.querySelector(`[data-entry="${told.id}"]`) || waiting.some((post) => post.dataset.entry === told.id)) return;
  const post = claim(element(told.html));
  waiting.push(post);
  if (told.author !== me) hear(say("heard", { name: told.name }));
  if (told.author === me || (scrollY < AT_TOP && !document.querySelector("dialog[open]"))) showWaiting({ scroll: false });
  else showPill();
}

export function depart(id) {
  for (const post of document.querySelectorAll(`[data-entry="${id}"], [data-post="${id}"]`)) post.remove();
}

async function follow(link) {
  if (link.dataset.loading) return;
  link.dataset.loading = "1";
  const feed = document.querySelector("[data-feed]");
  feed.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(link.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const entry of page.querySelectorAll("[data-feed] > *")) {
      if (!entry.dataset.entry || !document.querySelector(`[data-entry="${entry.dataset.entry}"]`)) feed.append(document.adoptNode(entry));
    }
    const next = page.querySelector("[data-older]");
    const end = page.querySelector(".older-end");
    if (next) {
      link.href = next.href;
      delete link.dataset.loading;
    } else {
      link.closest(".older").replaceWith(...(end ? [end] : []));
    }
  } catch {
    delete link.dataset.loading;
  }
  feed.setAttribute("aria-busy", "false");
}

export function startFeed() {
  document.querySelector("[data-pill] button")?.addEventListener("click", () => showWaiting());
  const link = document.querySelector("[data-older]");
  // on the landing page the link leads on to the square instead
  if (!link || !document.querySelector("[data-feed]") || document.querySelector(".landing")) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    follow(link);
  });
  new IntersectionObserver((seen) => {
    if (seen.some((entry) => entry.isIntersecting)) follow(link);
  }, { rootMargin: "900px" }).observe(link.closest(".older"));
}
