// What was missed while the house was away: the page is read again, and what is new of it is kept.
import { arrive, leaveGap } from "./feed.js";
import { channels, getPage } from "./page.js";

export async function catchUp() {
  const thread = document.querySelector("[data-thread]");
  if (!channels && !thread) return;
  const page = await getPage(location.href).catch(() => null);
  if (!page) return;
  if (thread) {
    (await import("./thread.js")).catchUp(page);
    return;
  }
  const posts = [...page.querySelectorAll("[data-feed] [data-entry]")];
  const met = posts.findIndex((post) => document.querySelector(`[data-entry="${CSS.escape(post.dataset.entry)}"]`));
  const fresh = (met < 0 ? posts : posts.slice(0, met)).reverse();
  const older = page.querySelector(".older");
  if (met < 0 && older && document.querySelector("[data-entry]")) leaveGap(older);
  for (const post of fresh) {
    arrive({ id: post.dataset.entry, author: post.dataset.author, html: post.outerHTML, name: post.querySelector(".name").textContent });
  }
}
