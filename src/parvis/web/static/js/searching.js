// Suggestions while one searches, or names somebody: people and hashtags that begin so.
import { Completing } from "./completing.js";

function start(field, find, take) {
  if (field.dataset.awake !== undefined) return;
  field.dataset.awake = "";
  const completing = new Completing(field, find, take);
  // nothing is chosen until one walks down: Enter sends the words
  const show = completing.show.bind(completing);
  completing.show = (options) => {
    show(options);
    completing.at = -1;
    completing.mark();
  };
}

export function startSearch(field) {
  const find = (text) => (text.trim().length > 1 ? { ask: text.trim() } : null);
  start(field, find, (option) => (location.href = option.path));
}

export function startNaming(field) {
  const within = field.dataset.who === "followed" ? "&following=1" : "";
  const find = (text) => (text.trim() ? { ask: `@${text.trim().replace(/^@/, "")}`, within } : null);
  start(field, find, (option) => (field.value = option.put.slice(1)));
}
