// Coming back to a feed: to the post one left it at, at the height it had, however far down that is.
import { feedOf, fill, find, measure, postsOf, topOf, unitAt } from "./feed.js";
import { make } from "./page.js";

// Every unit takes the room that it had; what came meanwhile is above them, for whoever goes there.
function rebuild({ units, newer, older, end }) {
  const first = feedOf().querySelector(".posts-unit");
  const same = first.dataset.from === units[0][0];
  const above = document.querySelector("[data-newer]");
  const below = document.querySelector("[data-older]");
  const gapTo = (href) => {
    const gap = below.parentElement.cloneNode(true);
    gap.querySelector("a").href = href;
    gap.classList.add("gap");
    return gap;
  };
  const partAt = ([from, height, gap], place) => (gap ? gapTo(from) : same && !place ? first : unitAt(from, height));
  feedOf().replaceChildren(...units.map(partAt));
  if (!same && above) {
    above.href = newer;
    above.parentElement.hidden = false;
  }
  if (below && older) below.href = older;
  else below?.parentElement.replaceWith(...(end ? [make("p", { className: "older-end" }, end)] : []));
}

export async function comeBack(left) {
  history.scrollRestoration = "manual";
  addEventListener("load", () => setTimeout(() => (history.scrollRestoration = "auto")));
  measure(postsOf(feedOf().querySelector(".posts-unit")));
  if (left.units.length) rebuild(left);
  const units = [...feedOf().querySelectorAll(".posts-unit")];
  scrollBy({ top: topOf(units[0]) + left.into, behavior: "instant" });
  const near = units.filter((unit) => unit.style.blockSize && topOf(unit) < 2 * innerHeight && unit.getBoundingClientRect().bottom > -innerHeight);
  await Promise.all([document.fonts.ready, ...near.map(fill)]);
  const post = find(left.entry);
  if (post) scrollBy({ top: topOf(post) - left.top, behavior: "instant" });
}
