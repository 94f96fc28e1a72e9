// A passage from page to page that is cut short is no accident: whoever goes on before it ends is shown where they went.
// No module: it is here before anything of the page is read, and so before a passage can fail.
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof DOMException && event.reason.message.startsWith("Transition was")) event.preventDefault();
});
