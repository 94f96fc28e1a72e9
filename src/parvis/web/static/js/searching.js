// Suggestions while one searches: people and hashtags that begin so.
import { Completing } from "./completing.js";

export function startSearch(field) {
  if (field.dataset.awake !== undefined) return;
  field.dataset.awake = "";
  const find = (text) => (text.trim().length > 1 ? { ask: text.trim() } : null);
  const take = (option) => (location.href = option.path);
  const completing = new Completing(field, find, take);
  // nothing is chosen until one walks down: Enter searches for the words
  const show = completing.show.bind(completing);
  completing.show = (options) => {
    show(options);
    completing.at = -1;
    completing.mark();
  };
}
