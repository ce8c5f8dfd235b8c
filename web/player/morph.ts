// Makes a living SVG group equal to new markup by touching only what differs, so that CSS
// transitions run and focus and hover survive. Knows nothing of what is drawn.

const SVG = "http://www.w3.org/2000/svg";

/** Makes the children of `target` what `markup` says. */
export function morphMarkup(target: SVGGElement, markup: string): void {
  const wanted = document.createElementNS(SVG, "g");
  wanted.innerHTML = markup;
  morphChildren(target, wanted);
}

function morphChildren(target: Element, wanted: Element): void {
  const old = Array.from(target.childNodes);
  const fresh = Array.from(wanted.childNodes);
  fresh.forEach((node, k) => {
    const there = old[k];
    if (there === undefined) target.append(node);
    else if (!morphNode(there, node)) there.replaceWith(node);
  });
  for (const node of old.slice(fresh.length)) node.remove();
}

/** False when the nodes are of different kinds and one must replace the other. */
function morphNode(there: ChildNode, wanted: ChildNode): boolean {
  if (there instanceof Element && wanted instanceof Element) {
    if (
      there.tagName !== wanted.tagName ||
      there.getAttribute("data-key") !== wanted.getAttribute("data-key")
    ) {
      return false;
    }
    morphAttributes(there, wanted);
    morphChildren(there, wanted);
    return true;
  }
  if (there instanceof Text && wanted instanceof Text) {
    if (there.data !== wanted.data) there.data = wanted.data;
    return true;
  }
  return false;
}

function morphAttributes(there: Element, wanted: Element): void {
  for (const { name } of Array.from(there.attributes)) {
    // Style is not the drawing's: the stage sets it to keep words readable.
    if (name !== "style" && !wanted.hasAttribute(name)) there.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (there.getAttribute(name) !== value) there.setAttribute(name, value);
  }
}
