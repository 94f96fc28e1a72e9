// A thread while it is looked at: answers are written before one's eyes, and replies find their places.
import { claim } from "./feed.js";
import { element, hear, me, say } from "./page.js";

const answers = new Map(); // question -> { text, shown }

function writingFor(question) {
  const known = answers.get(question);
  if (known) return known;
  const template = document.querySelector("#writing");
  const replies = document.querySelector("[data-replies]");
  if (!template || !replies) return null;
  const shown = template.content.firstElementChild.cloneNode(true);
  const above = replies.querySelector(`[data-post="${CSS.escape(question)}"]`);
  if (above) above.after(shown);
  else replies.prepend(shown);
  document.querySelector("[data-no-replies]")?.remove();
  const writing = { text: "", shown };
  answers.set(question, writing);
  return writing;
}

export function grow(told) {
  const writing = writingFor(told.question);
  if (!writing) return;
  // positions count code points, and a piece may come twice or find us late
  const points = [...writing.text];
  writing.text = points.slice(0, told.position).join("") + told.text;
  writing.shown.querySelector(".prose").textContent = writing.text;
}

export function end(told) {
  answers.get(told.question)?.shown.remove();
  answers.delete(told.question);
}

export function reply(told) {
  const replies = document.querySelector("[data-replies]");
  if (!replies || document.querySelector(`[data-post="${CSS.escape(told.post)}"]`)) return;
  document.querySelector("[data-no-replies]")?.remove();
  const shown = claim(element(told.html));
  shown.classList.add("unread");
  const focused = document.querySelector("[data-focused]").dataset.focused;
  shown.classList.add("arriving", told.reply_to === focused ? "reply" : "deep");
  const above = replies.querySelector(`[data-post="${CSS.escape(told.reply_to)}"]`);
  const writing = answers.get(told.reply_to);
  if (writing) {
    writing.shown.replaceWith(shown);
    answers.delete(told.reply_to);
  } else if (above) above.after(shown);
  else replies.append(shown);
  if (told.author !== me) hear(say("heard", { name: told.name }));
}

// What was missed stands where the page that was read has it; an answer that was being written then comes whole.
export function catchUp(page) {
  for (const { shown } of answers.values()) shown.remove();
  answers.clear();
  const replies = document.querySelector("[data-replies]");
  let before = null;
  for (const post of [...page.querySelectorAll("[data-replies] > .post")]) {
    const here = replies.querySelector(`[data-post="${CSS.escape(post.dataset.post)}"]`);
    if (!here) {
      claim(post).classList.add("unread");
      if (before) before.after(post);
      else replies.prepend(post);
    }
    before = here || post;
  }
  if (before) document.querySelector("[data-no-replies]")?.remove();
}
