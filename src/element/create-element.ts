interface NodeOptions {
  readonly class?: string
  readonly part?: string
  readonly attributes?: Readonly<Record<string, string>>
}

/** Creates an HTML element. Texts become text nodes, never markup. */
export function createElement<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  options: NodeOptions = {},
  ...children: (Node | string | null)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (options.class) element.className = options.class
  if (options.part) element.setAttribute('part', options.part)
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== null))
  return element
}

/** A 24 x 24 line drawing in the colour of the text around it, hidden from assistive technology. */
export function createIcon(path: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg'
  const icon = document.createElementNS(namespace, 'svg')
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  const line = document.createElementNS(namespace, 'path')
  line.setAttribute('d', path)
  icon.append(line)
  return icon
}
