// A passage from page to page that is cut short is no accident: whoever goes on before it ends is shown where they went.
// No module: it is here before anything of the page is read, and so before its first picture.
for (const passage of ["pageswap", "pagereveal"]) {
  addEventListener(passage, ({ viewTransition }) => {
    for (const part of ["ready", "finished", "updateCallbackDone"]) viewTransition?.[part]?.catch(() => {});
  });
}
