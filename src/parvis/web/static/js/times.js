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

function refresh() {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const text = short(Date.parse(time.dateTime));
    if (text && text !== time.textContent) time.textContent = text;
  }
}

// Moments told in full are told by the reader's own clock.
function toLocal() {
  const whole = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[data-moment]")) time.textContent = whole.format(new Date(time.dateTime));
}

export function startTimes() {
  toLocal();
  refresh();
  setInterval(refresh, 30_000);
}
