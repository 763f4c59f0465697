/** The element of the page with this id. */
export function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`Invariant: the page has an element #${id}`);
  return found as T;
}

/** A new element with text. */
export function make(tag: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
