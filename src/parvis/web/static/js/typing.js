// Mentions, hashtags and emoji, completed while they are typed.
import { Completing } from "./completing.js";

const BEGUN = /(?:^|[\s(])([@#][\p{L}\p{N}_@.-]+|:[\p{L}\p{N}_]{2,})$/u;

function find(text, caret) {
  const found = BEGUN.exec(text.slice(0, caret));
  return found && { ask: found[1], start: caret - found[1].length, end: caret };
}

export function completeWhileTyping(field) {
  const take = (option, asked) => {
    field.setRangeText(`${option.put} `, asked.start, asked.end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return new Completing(field, find, take);
}
