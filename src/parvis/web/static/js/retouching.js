// The pictures of a post that is changed: what must stay in sight is pressed on them.
import { aim } from "./pictures.js";

for (const target of document.querySelectorAll("[data-retouch] [data-aim]")) {
  const item = target.closest("[data-retouch]");
  aim(item, item.dataset.retouch);
}
