// A message came, wherever one is: how many chats there are to read is told in the menu, and what shows chats hears of it.
export function tellUnread(unread) {
  for (const pip of document.querySelectorAll("[data-chats-unread]")) pip.textContent = unread || "";
  const words = document.querySelector(".nav-foot .menu [href='/messages']")?.lastChild; // as a phone has it
  if (words) words.data = words.data.replace(/( \(\d+\))?$/, unread ? ` (${unread})` : "");
}

export let latest = ""; // of all messages, as far as is known

export function tell({ unread, newest }) {
  tellUnread(unread);
  latest = newest;
  document.dispatchEvent(new CustomEvent("parvis:message", { detail: newest }));
}
