// One stream for the page: posts arrive, counts move, answers are written, drawings grow, the bell rings.
import { arrive, depart } from "./feed.js";
import { channels, me } from "./page.js";

let formats = null; // made when a count first moves
const compact = (number) => {
  formats ||= new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumFractionDigits: 1 });
  return formats.format(number);
};
const MOST = 60; // posts whose counts are told at once

function setCount(post, name, number) {
  const count = post.querySelector(`[data-count="${name}"]`);
  if (count && number !== undefined) {
    count.textContent = number ? compact(number) : "";
    count.dataset.number = number;
    const action = count.closest(".action");
    action.setAttribute("aria-label", `${action.title}, ${compact(number)}`);
  }
}

export function setCounts(id, counts) {
  for (const post of document.querySelectorAll(`[data-post="${id}"]`)) {
    for (const name of ["likes", "reposts", "replies"]) setCount(post, name, counts[name]);
  }
}

function ring() {
  for (const pip of document.querySelectorAll("[data-unread]")) pip.textContent = Number(pip.textContent || 0) + 1;
  if (document.querySelector("[data-notices]")) import("./notices.js").then((module) => module.lookAgain());
}

// What few pages hear, or seldom: the module comes with the first of it.
const by = (name, verb) => async (told) => (await import(`./${name}.js`))[verb](told);

const TOLD = {
  post: (told) => {
    const places = told.channels;
    if (places.some((channel) => channel.startsWith("thread:")) && document.querySelector("[data-thread]")) by("thread", "reply")(told);
    else if (places.some((channel) => channels.split(",").includes(channel))) arrive(told);
  },
  delete: (told) => depart(told.id),
  counts: (told) => setCounts(told.id, told),
  notification: ring,
  desk: by("desk", "tell"),
  conversation: by("messages", "tell"),
  answer: by("thread", "grow"),
  answer_ended: by("thread", "end"),
  drawing: (told) => document.querySelector(`#drawing-${CSS.escape(told.id)}`) && import("./imagine.js").then((module) => module.showDrawing(told)),
};

// The posts around the eye: their counts are told while they are there.
function around() {
  const posts = [...document.querySelectorAll("[data-post]")];
  if (posts.length <= MOST) return posts.map((post) => post.dataset.post);
  const near = posts.map((post) => [Math.abs(post.getBoundingClientRect().top), post.dataset.post]);
  return near.sort((one, other) => one[0] - other[0]).slice(0, MOST).map(([, id]) => id);
}

let stream = null;
let told = "";

function listen() {
  const posts = [...new Set(around())].sort().join(",");
  if (posts === told && stream?.readyState === EventSource.OPEN) return;
  told = posts;
  const before = stream;
  const fresh = new EventSource(`/live?channels=${encodeURIComponent(channels)}&posts=${posts}`);
  let away = false;
  for (const [kind, tell] of Object.entries(TOLD)) {
    fresh.addEventListener(kind, (event) => stream === fresh && tell(JSON.parse(event.data)));
  }
  fresh.addEventListener("error", () => (away = true));
  fresh.addEventListener("open", () => {
    before?.close();
    if (away) document.dispatchEvent(new Event("parvis:back"));
    away = false;
  });
  fresh.addEventListener("full", () => fresh.close());
  stream = fresh;
}

const catchUp = () => document.querySelector("[data-feed], [data-thread]") && import("./missed.js").then((module) => module.catchUp());
document.addEventListener("parvis:back", catchUp);

export function startLive() {
  if (!channels && !me) return;
  listen();
}

// Posts that came by scrolling are listened for too, once one stops.
let later = 0;
document.addEventListener("parvis:shown", () => {
  clearTimeout(later);
  later = setTimeout(() => stream && listen(), 1500);
});

addEventListener("pagehide", () => {
  stream?.close();
  stream = null;
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  startLive();
  catchUp();
});
