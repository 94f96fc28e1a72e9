// What is written goes out under a key of its own: told twice, it is said once. A page that comes from memory carries one
// that may be spent, so whoever wakes a form gives it a new one.
export const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
