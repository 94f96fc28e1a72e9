// Notifications as they come: the page is read again while it is looked at from its top, and what is new stands above
// what stood there. Reading it is having read them, so nobody reads behind one's back.
import { watch } from "./feed.js";
import { getPage, hear } from "./page.js";

const AT_TOP = 300; // pixels
const PAUSE = 2000; // ms between two looks, however many ring
let asked = false;
let busy = false;

const keyOf = ({ dataset }) => dataset.notice || dataset.entry;
const looking = () => !document.hidden && scrollY < AT_TOP && !document.querySelector("dialog[open], [data-notices] details[open]");

function show(page) {
  const [unit, ...further] = document.querySelectorAll("[data-notices] > .posts-unit");
  const stood = new Map([...unit.children].map((notice) => [keyOf(notice), notice]));
  const now = [...page.querySelectorAll("[data-notices] > .posts-unit > *")].map((notice) => stood.get(keyOf(notice)) || notice);
  const last = [...unit.children].findLastIndex((notice) => now.includes(notice));
  const news = now.find((notice) => !unit.contains(notice));
  const focused = document.activeElement;
  unit.replaceChildren(...now, ...(further.length ? [...unit.children].slice(last + 1) : []));
  if (unit.contains(focused)) focused.focus({ preventScroll: true });
  if (!further.length) document.querySelector(".older")?.replaceWith(page.querySelector(".older") || "");
  watch();
  if (now.length) document.querySelector("main .empty")?.remove();
  document.querySelector("[data-awaited]").replaceWith(page.querySelector("[data-awaited]"));
  for (const pip of document.querySelectorAll("[data-unread]")) pip.textContent = page.querySelector("[data-unread]").textContent;
  if (news) hear(news.innerText.replace(/\s+/g, " ").trim().slice(0, 160));
  document.dispatchEvent(new Event("parvis:shown"));
}

export async function lookAgain() {
  asked = true;
  if (busy || !looking()) return;
  busy = true;
  asked = false;
  const page = await getPage(location.href).catch(() => null);
  if (page?.querySelector("[data-notices]")) show(page);
  setTimeout(() => {
    busy = false;
    back();
  }, PAUSE);
}

const back = () => asked && lookAgain();
addEventListener("scroll", back, { passive: true });
document.addEventListener("visibilitychange", back);
