// A chat while it goes on, and the list of chats: what comes finds its place, and what is sent stands there at once.
import { lengthOf } from "./composer.js";
import { newKey } from "./keying.js";
import { latest, tellUnread } from "./messages.js";
import { element, get, getPage, hear, make, me, send, say, toast } from "./page.js";
import { hold, listenForPictures } from "./pictures.js";
import { local, tellTimes } from "./times.js";
import { completeWhileTyping } from "./typing.js";

const PAUSE = 600_000; // ms after which what the same person says stands apart
const STRETCH = 30; // messages of one answer
const CLOSE = 60; // characters from the end of the room within which what is left is told
const NEAR = 80; // pixels from the newest words within which one is with them
const AWAY = 400; // beyond which a way back is offered

const scroller = document.querySelector("[data-chat]");
const lines = document.querySelector("[data-lines]");
const form = document.querySelector("[data-letter]");
const listed = document.querySelector("[data-chats]");
const back = document.querySelector("[data-to-newest]");
const linesOf = (root) => [...root.querySelectorAll(".line")];
const newest = () => linesOf(lines).at(-1)?.dataset.post || "0";
const topOf = (node) => node.getBoundingClientRect().top;
const writing = document.querySelector("[data-writing]");
const PATIENCE = 180_000; // ms that the assistant may take
const JUST = 30_000; // ms since which one asked, and then came here
const wide = matchMedia("(hover: hover)").matches;

// Days and hours by the reader's own clock, and who goes on speaking.
const hour = new Intl.DateTimeFormat(local, { timeStyle: "short" });
const longAgo = new Intl.DateTimeFormat(local, { dateStyle: "full" });
const lately = new Intl.RelativeTimeFormat(local, { numeric: "auto" });
const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);

function nameOf(day) {
  const passed = Math.round((midnight(Date.now()) - day) / 86_400_000);
  return passed < 2 ? lately.format(-passed, "day") : longAgo.format(day);
}

function arrange() {
  let before = null;
  for (const line of linesOf(lines)) {
    const time = line.querySelector(".line-when time");
    const now = { author: line.dataset.author, moment: Date.parse(time.dateTime) };
    const day = midnight(now.moment);
    const first = !before || midnight(before.moment) !== day;
    const above = line.previousElementSibling;
    if (first && !above?.matches(".day")) line.before(make("li", { className: "day" }, make("time", { dateTime: time.dateTime })));
    else if (!first && above.matches(".day")) above.remove();
    const told = first && line.previousElementSibling.firstElementChild;
    if (told && told.textContent !== nameOf(day)) told.textContent = nameOf(day);
    line.classList.toggle("goes-on", !first && before.author === now.author && now.moment - before.moment < PAUSE);
    if (time.dataset.ago !== undefined) {
      delete time.dataset.ago;
      time.textContent = hour.format(now.moment);
    }
    before = now;
  }
  for (const day of lines.querySelectorAll(".day")) if (!day.nextElementSibling?.matches(".line")) day.remove();
}

// The lines of an answer that are not here yet.
function freshIn(html) {
  const told = element(`<ol>${html}</ol>`);
  return linesOf(told).filter(({ dataset }) => !lines.querySelector(`[data-post="${CSS.escape(dataset.post)}"]`));
}

const atEnd = () => scroller.scrollTop > -NEAR;

function toEnd() {
  scroller.scrollTop = 0;
  back.classList.remove("news");
}

// Whom one asks here answers in a while; meanwhile it is said that they do.
let waits = 0;
function awaitAnswer() {
  if (!writing) return;
  writing.hidden = false;
  clearTimeout(waits);
  waits = setTimeout(() => (writing.hidden = true), PATIENCE);
}

// What was sent may have been told already, by the stream, and what came meanwhile may be told first.
function add(html, { sent = false } = {}) {
  const fresh = freshIn(html);
  if (!fresh.length && !sent) return 0;
  const read = !sent && !atEnd() && linesOf(lines).find((line) => line.getBoundingClientRect().bottom > topOf(scroller));
  const top = read && topOf(read);
  for (const line of fresh) line.classList.add("arriving");
  for (const line of fresh) {
    const number = BigInt(line.dataset.post);
    lines.insertBefore(line, linesOf(lines).find(({ dataset }) => BigInt(dataset.post) > number) || null);
  }
  arrange();
  if (read) {
    scroller.scrollTop += topOf(read) - top;
    back.classList.add("news");
  } else toEnd();
  for (const line of fresh.filter(({ dataset }) => dataset.author !== me)) {
    if (writing) writing.hidden = true;
    hear(line.querySelector(".line-main").innerText.replace(/\s+/g, " ").trim().slice(0, 200));
  }
  if (sent && linesOf(lines).at(-1)?.dataset.author === me) awaitAnswer();
  document.dispatchEvent(new Event("parvis:shown"));
  return fresh.length;
}

// Looking is having read, so nobody looks behind one's back. `look` says whether there is more to see than what came
// at once, `last` what of all that was said is here.
function listen(look, last) {
  let asked = false;
  let busy = false;
  const lookAgain = async ({ detail }) => {
    if (detail && BigInt(detail) <= BigInt(last())) return;
    asked = true;
    if (busy || document.hidden) return;
    busy = true;
    while (asked) {
      asked = false;
      if (await look()) asked = true;
    }
    busy = false;
  };
  for (const told of ["parvis:message", "parvis:back"]) document.addEventListener(told, lookAgain);
  document.addEventListener("visibilitychange", (event) => asked && lookAgain(event));
  addEventListener("pageshow", (event) => event.persisted && lookAgain(event));
  if (latest) lookAgain({ detail: latest }); // told before this module came
}

async function lookAtChat() {
  const told = await get(`/messages/${scroller.dataset.chat}?min_id=${newest()}`).catch(() => null);
  if (!told) return false;
  tellUnread(told.unread);
  return add(told.html) >= STRETCH;
}

async function lookAtList() {
  const page = await getPage(location.href).catch(() => null);
  const now = page?.querySelector("[data-chats]");
  if (!now) return;
  const open = document.querySelector("dialog[open]"); // about one of these, perhaps
  if (open) await new Promise((shut) => open.addEventListener("close", shut, { once: true }));
  const focused = document.activeElement.closest("[data-chats] :is(a, button)");
  const href = focused?.closest("li")?.querySelector("a").getAttribute("href");
  listed.replaceChildren(...now.children);
  if (href) listed.querySelector(`li:has(a[href="${CSS.escape(href)}"]) ${focused.localName}`)?.focus({ preventScroll: true });
  tellTimes();
}

// Older messages come when the eye is near them, above what is being read, which stays where it is; whether they came.
async function lookBack(link) {
  if (link.ariaBusy === "true") return false;
  link.ariaBusy = "true";
  const told = await get(link.getAttribute("href")).catch(() => null);
  link.ariaBusy = "false";
  if (!told) return false; // it may be pressed
  lines.prepend(...freshIn(told.html));
  arrange();
  if (told.older) link.setAttribute("href", told.older);
  link.closest("p").hidden = !told.older;
  document.dispatchEvent(new Event("parvis:shown"));
  return true;
}

function startChat() {
  arrange();
  const last = linesOf(lines).at(-1);
  if (last?.dataset.author === me && Date.now() - Date.parse(last.querySelector(".line-when time").dateTime) < JUST) awaitAnswer();
  new MutationObserver(arrange).observe(lines, { childList: true });
  const older = document.querySelector("[data-older-lines]");
  const watcher = new IntersectionObserver(async ([{ isIntersecting }]) => {
    if (!isIntersecting || !(await lookBack(older))) return;
    watcher.unobserve(older); // it tells anew whether it is still near
    watcher.observe(older);
  }, { root: scroller, rootMargin: "600px" });
  watcher.observe(older);
  older.addEventListener("click", (event) => {
    event.preventDefault();
    lookBack(older);
  });
  scroller.addEventListener("scroll", () => {
    back.closest("p").hidden = scroller.scrollTop > -AWAY;
    if (atEnd()) back.classList.remove("news");
  }, { passive: true });
  back.addEventListener("click", () => {
    toEnd();
    form?.elements.text.focus({ preventScroll: true });
  });
  lines.addEventListener("click", ({ target }) => {
    const line = target.closest("[data-like-here]")?.closest(".line");
    if (!line) return;
    const menu = target.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus({ preventScroll: true });
    line.querySelector(".like").click();
  });
  lines.addEventListener("submit", async (event) => {
    if (!event.submitter?.formAction.endsWith("/delete")) return;
    event.preventDefault();
    const gone = event.target.closest(".line");
    const at = linesOf(lines).indexOf(gone);
    try {
      await send(event.submitter.formAction);
      gone.remove(); // unless the stream was faster
      const left = linesOf(lines);
      (left[Math.max(0, at - 1)]?.querySelector(".more summary") || form?.elements.text)?.focus({ preventScroll: true });
      toast(say("deleted"));
    } catch (refusal) {
      toast(refusal.message, { bad: true });
    }
  });
  if (scroller.dataset.newest !== undefined) listen(lookAtChat, newest);
}

// What is begun is found again until it is sent; what went out while one left is said, though nobody stayed to hear so.
const DRAFT = `parvis-draft:${me}:chat:${scroller?.dataset.chat || ""}`;

const saidLast = () => lines && linesOf(lines).findLast(({ dataset }) => dataset.author === me)?.querySelector(".bubble").innerText.trim();

function startLetter() {
  const { text, key } = form.elements;
  key.value = newKey();
  const button = form.querySelector(".send");
  const counter = form.querySelector("[data-counter]");
  let sending = false;
  let underWay = ""; // words that nobody said yet have come
  const joined = (...all) => all.filter(Boolean).join("\n");
  const count = () => {
    const left = Number(form.dataset.room) - lengthOf(text.value.trim());
    counter.hidden = left > CLOSE;
    counter.textContent = left;
    counter.classList.toggle("over", left < 0);
    const something = text.value.trim() || form.querySelector("[data-chosen]").children.length;
    button.disabled = sending || left < 0 || !something || Boolean(form.querySelector("[data-making]"));
    const kept = joined(underWay, text.value);
    if (kept.trim()) localStorage.setItem(DRAFT, kept);
    else localStorage.removeItem(DRAFT);
  };
  const begun = localStorage.getItem(DRAFT) || "";
  if (begun.trim() !== saidLast()) text.value ||= begun;
  form.addEventListener("input", count);
  form.addEventListener("parvis:chosen", count);
  listenForPictures(form);
  completeWhileTyping(text);
  form.addEventListener("keydown", (event) => {
    if (event.target !== text || event.key !== "Enter" || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || (wide && !event.shiftKey)) {
      event.preventDefault();
      button.click();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    const body = new FormData(form);
    if (lines) body.set("after", newest());
    const pictures = [...form.querySelector("[data-chosen]").children];
    sending = true;
    underWay = text.value;
    text.value = "";
    text.focus({ preventScroll: true }); // one goes on writing
    count();
    try {
      const sent = await send(form.action, body);
      underWay = "";
      for (const picture of pictures) picture.remove();
      hold(form); // what was chosen meanwhile is for what one says next
      key.value = newKey();
      if (scroller?.dataset.newest === undefined) location.href = sent.path;
      else add(sent.html, { sent: true });
    } catch (refusal) {
      text.value = joined(underWay, text.value);
      underWay = "";
      toast(refusal.message, { bad: true });
    }
    sending = false;
    count();
  });
  count();
  if (wide && document.activeElement === document.body) text.focus({ preventScroll: true });
}

if (lines) startChat();
if (form) startLetter();
if (listed?.checkVisibility()) listen(lookAtList, () => listed.querySelector("[data-last]")?.dataset.last || "0");
