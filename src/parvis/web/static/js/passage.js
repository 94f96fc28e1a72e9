// A passage from page to page that is cut short is no accident: whoever goes on before it ends is shown where they went.
// The browser waits for this, so that it is here before the first picture of the page is.
for (const passage of ["pageswap", "pagereveal"]) {
  addEventListener(passage, ({ viewTransition }) => {
    for (const part of ["ready", "finished", "updateCallbackDone"]) viewTransition?.[part]?.catch(() => {});
  });
}
