// What waits at the desk, for those who sit there: how many reports are open is told wherever it stands, and a list of
// them offers those that came since it was read.
import { getPage, hear } from "./page.js";

const offer = document.querySelector("[data-filed]");
let filed = 0;

function count(open) {
  for (const told of document.querySelectorAll("[data-waiting]")) told.textContent = open || "";
  for (const shown of document.querySelectorAll("[data-if-waiting]")) shown.hidden = !open;
}

function say(more) {
  filed = more;
  offer.hidden = !more;
  if (!more) return;
  const told = more === 1 ? offer.dataset.one : offer.dataset.many.replace("{n}", more);
  offer.querySelector("span").textContent = told;
  hear(told);
}

export function tell({ open, filed: came }) {
  count(open);
  if (came && offer) say(filed + 1);
}

const waitingOn = (page) => Number(page.querySelector("[data-waiting]")?.textContent || 0);
const reports = (page) => [...page.querySelectorAll(".case")].map((each) => BigInt(each.pathname.split("/").at(-1)));

// What was missed: while the network was away, or another page was looked at.
async function catchUp() {
  const page = await getPage(location.href).catch(() => null);
  if (!page) return;
  count(waitingOn(page));
  const newest = reports(document).reduce((most, one) => (one > most ? one : most), 0n);
  if (offer) say(reports(page).filter((one) => one > newest).length);
}

async function show() {
  const page = await getPage(location.href).catch(() => null);
  if (!page?.querySelector("[data-cases]")) return location.reload();
  document.querySelector("[data-cases]").replaceWith(page.querySelector("[data-cases]"));
  count(waitingOn(page));
  say(0);
  scrollTo({ top: 0 });
  document.querySelector(".case")?.focus({ preventScroll: true });
}

offer?.addEventListener("click", show);
document.addEventListener("parvis:back", catchUp);
addEventListener("pageshow", ({ persisted }) => persisted && catchUp());
