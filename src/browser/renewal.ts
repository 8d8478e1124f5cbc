/** The same, and leaves the focus where it is, also on what had to be moved or made anew. */
export function renewKeepingFocus(before: Element, after: Element): void {
  const focused = document.activeElement?.id ?? ''
  renewElement(before, after)
  document.getElementById(focused)?.focus()
}

/**
 * Makes an element of the page like a new one, and touches nothing that is as it was: what a person has opened, where
 * they have scrolled to, what they have marked and where the focus is stay.
 */
export function renewElement(before: Element, after: Element): void {
  for (const name of before.getAttributeNames())
    if (!after.hasAttribute(name) && !isTheirs(before, name)) before.removeAttribute(name)
  for (const { name, value } of after.attributes)
    if (before.getAttribute(name) !== value) before.setAttribute(name, value)
  renewChildren(before, after)
}

/** The server opens nothing; whoever looks does. */
function isTheirs({ tagName }: Element, attribute: string): boolean {
  return tagName === 'DETAILS' && attribute === 'open'
}

function renewChildren(before: Element, after: Element): void {
  const left: ChildNode[] = [...before.childNodes]
  const children = [...after.childNodes].map((made) => {
    const at = left.findIndex((old) => keyOf(old) === keyOf(made))
    const [kept] = at === -1 ? [] : left.splice(at, 1)
    if (kept !== undefined) renewNode(kept, made)
    return kept ?? document.adoptNode(made)
  })
  for (const gone of left) gone.remove()
  let place = before.firstChild
  for (const child of children) {
    // What is put in anew, even at its old place, forgets where it was scrolled to.
    if (child === place) place = child.nextSibling
    else before.insertBefore(child, place)
  }
}

function renewNode(before: ChildNode, after: ChildNode): void {
  if (before instanceof Element && after instanceof Element) renewElement(before, after)
  else if (before.nodeValue !== after.nodeValue) before.nodeValue = after.nodeValue
}

/** The same for what is the same thing before and after: a card is that of its bank, by the id within it. */
function keyOf(node: ChildNode): string {
  if (!(node instanceof Element)) return node.nodeName
  const { nodeName, className } = node
  return [nodeName, className, node.id || (node.querySelector('[id]')?.id ?? '')].join(' ')
}
