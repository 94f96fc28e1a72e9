// Keeps "5m" true while the page stays open.
import { say } from "./page.js";

const MINUTE = 60_000;
const UNITS = [["minutes", MINUTE, 60], ["hours", 60 * MINUTE, 24], ["days", 1440 * MINUTE, 7]];

function short(moment) {
  const passed = Date.now() - moment;
  if (passed < MINUTE) return say("now");
  for (const [name, size, beyond] of UNITS) {
    const n = Math.floor(passed / size);
    if (n < beyond) return say(name, { n });
  }
  return "";
}

// Moments told in full are told by the reader's own clock, and as their country writes the page's language.
const { lang } = document.documentElement;
export const local = navigator.languages.find((one) => one.split("-")[0] === lang) || lang;
let whole = null; // made when there is one to tell

function inFull(moment) {
  whole ||= new Intl.DateTimeFormat(local, { dateStyle: "long", timeStyle: "short" });
  return whole.format(moment);
}

export function tellTimes() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const text = short(Date.parse(time.dateTime));
    if (text && text !== time.textContent) time.textContent = text;
  }
  for (const time of document.querySelectorAll("time[data-moment]")) {
    time.textContent = inFull(new Date(time.dateTime));
    delete time.dataset.moment;
  }
}

export function startTimes() {
  tellTimes();
  setInterval(tellTimes, 30_000);
}
