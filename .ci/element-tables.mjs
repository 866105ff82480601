// The tables of docs/element.md, from the custom-elements manifest: `node .ci/element-tables.mjs` writes them.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where words of the descriptions are explained. */
const links = {
  'neighbour files': 'packs.md#neighbour-files',
  'an engine': 'vector-engines.md',
  'a projection': 'tune.md',
  'photo search': 'photo-search.md',
  'the experiment': 'experiment.md#in-the-page',
  'an experiment': 'experiment.md#what-is-recorded',
  'e-commerce events': 'experiment.md#google-analytics',
  'draws a card': '#your-own-cards',
  'decodes HEIC photos': 'images-of-the-real-world.md#heic-photos',
}

/**
 * The document with the tables of the manifest between its marks, such as `<!-- table: attributes -->`.
 *
 * @param {string} document
 * @param {{ modules: readonly { declarations: readonly any[] }[] }} manifest
 * @returns {string}
 */
export function withElementTables(document, manifest) {
  const [elements, events] = manifest.modules.map(({ declarations }) => declarations)
  const element = elements.find(({ tagName }) => tagName === 'similar-items')
  const tables = {
    attributes: attributeTable(element),
    properties: propertyTable(element),
    events: eventTable(element, events),
    slots: table(
      ['slot', 'shown'],
      element.slots.map(({ name, description }) => [name ? code(name) : '(default)', description]),
    ),
    'custom properties': table(
      ['custom property', 'default', 'what'],
      element.cssProperties.map(({ name, default: standard, description }) => {
        const [text, told] = splitDefault(description)
        return [code(name), standard ?? told, text]
      }),
    ),
    parts: table(
      ['part', 'what'],
      element.cssParts.map(({ name, description }) => [code(name), description]),
    ),
    states: table(
      ['state', 'what'],
      element.cssStates.map(({ name, description }) => [code(`:state(${name})`), description]),
    ),
  }
  let result = document
  for (const [name, text] of Object.entries(tables)) {
    const marks = new RegExp(`(<!-- table: ${name} -->\n\n).*?(\n<!-- /table -->)`, 's')
    if (!marks.test(result)) throw new Error(`docs/element.md has no place for the table of ${name}.`)
    result = result.replace(marks, (_, before, after) => before + text + after)
  }
  return result
}

function attributeTable({ attributes }) {
  const rows = attributes.map(({ name, default: standard, description }) => {
    const [text, told] = splitDefault(description)
    return [code(name), code(propertyOf(name)), standard ?? told, linked(text)]
  })
  return table(['attribute', 'property', 'default', 'what'], rows)
}

/** What no attribute can hold, and methods. */
function propertyTable({ attributes, members }) {
  const mirrored = new Set(attributes.map(({ name }) => propertyOf(name)))
  const rows = members
    .filter(({ name }) => !mirrored.has(name))
    .map(({ name, kind, readonly, parameters = [], description }) => {
      const call = `${name}(${parameters.map((one) => one.name + (one.optional ? '?' : '')).join(', ')})`
      return [
        code(kind === 'method' ? call : name),
        `${readonly ? 'read only: ' : ''}${linked(lower(description, readonly))}`,
      ]
    })
  return table(['property', 'what'], rows)
}

function eventTable(element, events) {
  const rows = element.events.map(({ name, type, description }) => {
    const { members } = events.find((event) => event.name === type.text)
    return [code(name), members.map((member) => code(member.name)).join(', '), linked(description)]
  })
  return table(['event', 'fields', 'when'], rows)
}

function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => cell.replaceAll('\n', ' ').replaceAll('|', '\\|')).join(' | ')} |\n`
  return [head, head.map(() => '---'), ...rows].map(line).join('')
}

/** A default that is no value, such as `Default: the engine's.`, apart from the rest of a description. */
function splitDefault(description) {
  const [, before, standard = '', after = ''] = /^(.*?) ?Default:? (.+?)\.( .*)?$/s.exec(description) ?? []
  return before === undefined ? [description, ''] : [before + after, standard]
}

function linked(text) {
  return Object.entries(links).reduce((result, [words, address]) => {
    return result.includes(`](${address})`) ? result : result.replace(words, `[${words}](${address})`)
  }, text)
}

/** `engine` is the engine in the page, and so the attribute's property has another name. */
function propertyOf(attribute) {
  if (attribute === 'engine') return 'engineUrl'
  return attribute.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
}

function lower(text, isAfterColon) {
  return isAfterColon ? text[0].toLowerCase() + text.slice(1) : text
}

function code(text) {
  return `\`${text}\``
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(readFileSync(`${root}dist/custom-elements.json`, 'utf8'))
  const path = `${root}docs/element.md`
  writeFileSync(path, withElementTables(readFileSync(path, 'utf8'), manifest))
}
