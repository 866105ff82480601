/**
 * The types of the elements in templates, by file name without its extension: what they take and which events they send.
 * A project that wants them writes `import type {} from 'similar-items/types/react'`.
 *
 * @param {readonly any[]} elements declarations of a custom-elements manifest.
 * @returns {Record<string, string>}
 */
export function frameworkTypes(elements) {
  return {
    elements: elementTypes(elements),
    react: react(elements),
    vue: vue(elements),
    svelte: svelte(elements),
  }
}

const note = "// Made by .ci/describe-elements.mjs from the classes' JSDoc.\n"

/** For each element its settings, under the names of attributes and of properties, and its events. */
function elementTypes(elements) {
  const events = new Set(elements.flatMap((element) => element.events.map(({ type }) => type.text)))
  const classes = elements.map(({ name }) => name)
  const interfaces = elements.map((element) => {
    const properties = settings(element)
      .map((name) => `'${name}'`)
      .join(' | ')
    const attributes = element.attributes.map(({ name, description, type }) => {
      return `  /** ${description.replaceAll('\n', ' ')} */\n  '${name}'?: ${attributeType(element, name, type.text)}`
    })
    return `export interface ${element.name}Attributes {\n${attributes.join('\n')}\n}
export type ${element.name}Settings = ${element.name}Attributes &
  Partial<Omit<Pick<${element.name}, ${properties}>, keyof ${element.name}Attributes>>`
  })
  return `${note}import type { ${[...classes, ...events].join(', ')} } from '../index.js'\n\n${interfaces.join('\n\n')}\n`
}

/** An attribute whose property takes more than text, such as the items of a catalogue, does so in templates too. */
function attributeType({ name: className, members }, attribute, text) {
  const property = members.find(({ name }) => name === attribute)
  const own = property ? `${className}['${attribute}'] | ` : ''
  return `${own}${text}${text === 'string' ? '' : ' | (string & {})'} | undefined`
}

/** The names of properties that can be set. */
function settings({ members }) {
  return members.filter(({ kind, readonly }) => kind === 'field' && !readonly).map(({ name }) => name)
}

function imports(elements) {
  const types = new Set(
    elements.flatMap(({ name, events }) => [name, ...events.map(({ type }) => type.text)]),
  )
  const made = elements.map(({ name }) => `${name}Settings`)
  return `${note}import type { ${[...types].join(', ')} } from '../index.js'
import type { ${made.join(', ')} } from './elements.js'
`
}

function listeners({ events }, nameOf) {
  return events
    .flatMap(({ name, type }) => nameOf(name).map((key) => `  '${key}'?: (event: ${type.text}) => void`))
    .join('\n')
}

function react(elements) {
  const props = elements.map(
    (
      element,
    ) => `type ${element.name}Props = Omit<DetailedHTMLProps<HTMLAttributes<${element.name}>, ${element.name}>, keyof ${element.name}Settings> &
  ${element.name}Settings & {
  class?: string
${listeners(element, (name) => [`on${name}`])}
}`,
  )
  const tags = elements.map(({ name, tagName }) => `      '${tagName}': ${name}Props`)
  return `${imports(elements)}import type { DetailedHTMLProps, HTMLAttributes } from 'react'

${props.join('\n\n')}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${tags.join('\n')}
    }
  }
}
`
}

function vue(elements) {
  const props = elements.map((element) => {
    const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
    const keys = (name) => [`on${camel(`-${name}`)}`]
    return `type ${element.name}Props = ${element.name}Settings & Omit<HTMLAttributes, keyof ${element.name}Settings> & {
${listeners(element, keys)}
}`
  })
  const tags = elements.map(({ name, tagName }) => `    '${tagName}': new () => { $props: ${name}Props }`)
  return `${imports(elements)}import type { HTMLAttributes } from 'vue'

${props.join('\n\n')}

declare module 'vue' {
  interface GlobalComponents {
${tags.join('\n')}
  }
}
`
}

function svelte(elements) {
  const props = elements.map(
    (
      element,
    ) => `type ${element.name}Props = Omit<HTMLAttributes<${element.name}>, keyof ${element.name}Settings> & ${element.name}Settings & {
${listeners(element, (name) => [`on${name}`, `on:${name}`])}
}`,
  )
  const tags = elements.map(({ name, tagName }) => `    '${tagName}': ${name}Props`)
  return `${imports(elements)}import type { HTMLAttributes } from 'svelte/elements'

${props.join('\n\n')}

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
${tags.join('\n')}
  }
}
`
}
