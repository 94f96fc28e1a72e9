// Style sheets that few need come with the modules that need them.
import { make } from "./page.js";

const worn = new Map(); // name -> once it is here

export function wear(name) {
  if (!worn.has(name)) {
    const first = document.querySelector('link[rel="stylesheet"]').href;
    const link = make("link", { rel: "stylesheet", href: new URL(`${name}.css`, first).href });
    worn.set(name, new Promise((done) => (link.onload = link.onerror = done)));
    document.head.append(link);
  }
  return worn.get(name);
}
