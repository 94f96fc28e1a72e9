// A form that brings back the page it stood on leaves one where one was: at the same height, with the keys on what
// stands there now. Where the page has something to say first (it was saved, or refused), it is read from its top; and
// whoever was faster than this module is left where they are.
export function resume([path, height, place], controls) {
  if (path !== location.pathname || location.hash || document.querySelector("main :is([role=alert], [role=status])")) return;
  if (scrollY || document.activeElement !== document.body) return;
  scrollTo({ top: height, behavior: "instant" });
  if (place < 0) return;
  const control = controls()[place] || document.querySelector("main");
  (control.closest("details:not([open])")?.querySelector("summary") || control).focus({ preventScroll: true });
}
