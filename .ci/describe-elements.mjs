// Writes what describes the elements to editors and type checkers into dist/, from the JSDoc of their classes: the
// custom-elements manifest, data for VS Code and JetBrains, and the types of JSX, Vue and Svelte templates.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cli } from '@custom-elements-manifest/analyzer/cli.js'
import { frameworkTypes } from './framework-types.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { name, version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

const { elements, events } = await describe()
write('custom-elements.json', manifest())
write('web-types.json', webTypes())
write('vscode.html-custom-data.json', htmlData())
write('vscode.css-custom-data.json', cssData())
mkdirSync(`${root}dist/types/frameworks`, { recursive: true })
for (const [file, text] of Object.entries(frameworkTypes(elements))) {
  writeFileSync(`${root}dist/types/frameworks/${file}.d.ts`, text)
}

/** The declarations of the elements and of their events, without what is nobody's business. */
async function describe() {
  const globs = ['similar-items-element', 'similar-items-search-element', 'settings-element', 'events']
  const argv = [
    'analyze',
    ...globs.flatMap((file) => ['--globs', `src/element/${file}.ts`]),
    '--quiet',
    '--config',
    '.ci/custom-elements-manifest.config.mjs',
  ]
  const { modules } = await cli({ argv, cwd: root, noWrite: true })
  const declarations = modules.flatMap((module) => module.declarations)
  const elements = declarations
    .filter(({ tagName }) => tagName)
    .map(({ members, attributes, ...declaration }) => ({
      ...declaration,
      customElement: true,
      attributes: attributes.filter(({ name, description }) => description && name !== 'lang'),
      members: members
        .filter(({ name, privacy, static: isStatic, description }) => {
          return !name.startsWith('#') && !privacy && !isStatic && description && !name.endsWith('Callback')
        })
        .map(({ inheritedFrom, ...member }) => member),
    }))
  const events = declarations
    .filter(({ name }) => /^Si\w+Event$/.test(name))
    .map(({ members, ...declaration }) => ({
      ...declaration,
      superclass: { name: 'Event' },
      members: members.filter((member) => !member.static).map(({ inheritedFrom, ...member }) => member),
    }))
  return { elements: elements.map((each) => withPhotoSearch(each, elements)), events }
}

/** The dialog of `<similar-items>` has the parts and custom properties of `<similar-items-search>`. */
function withPhotoSearch(element, elements) {
  const search = elements.find(({ tagName }) => tagName === 'similar-items-search')
  const joined = (list) => [
    ...new Map([...search[list], ...element[list]].map((each) => [each.name, each])).values(),
  ]
  const inOrder = (list) => {
    const own = element[list].map(({ name }) => name)
    return joined(list).toSorted((a, b) => rankOf(own, a.name) - rankOf(own, b.name))
  }
  return element === search
    ? element
    : { ...element, cssParts: inOrder('cssParts'), cssProperties: inOrder('cssProperties') }
}

/** Where a name is in a list; behind it where it is not. */
function rankOf(names, name) {
  const rank = names.indexOf(name)
  return rank < 0 ? names.length : rank
}

function manifest() {
  const path = 'dist/define.js'
  const exported = elements.flatMap(({ name, tagName }) => [
    { kind: 'js', name, declaration: { name, module: path } },
    { kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } },
  ])
  return {
    schemaVersion: '2.1.0',
    readme: 'README.md',
    modules: [
      { kind: 'javascript-module', path, declarations: elements, exports: exported },
      {
        kind: 'javascript-module',
        path: 'dist/index.js',
        declarations: events,
        exports: events.map(({ name }) => ({
          kind: 'js',
          name,
          declaration: { name, module: 'dist/index.js' },
        })),
      },
    ],
  }
}

function webTypes() {
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name,
    version,
    'description-markup': 'markdown',
    contributions: {
      html: {
        elements: elements.map((element) => ({
          name: element.tagName,
          description: element.description,
          attributes: element.attributes.map((attribute) => {
            const { name, description, type } = attribute
            return {
              name,
              description,
              value: { type: type.text, required: type.text !== 'boolean', default: attribute.default },
            }
          }),
          slots: element.slots ?? [],
          js: {
            properties: propertiesOf(element).map(({ name, description, type }) => ({
              name,
              description,
              type: type?.text,
            })),
            events: (element.events ?? []).map(({ name, description }) => ({ name, description })),
          },
        })),
      },
      css: {
        properties: namedOnce(({ cssProperties = [] }) => cssProperties),
        parts: namedOnce(({ cssParts = [] }) => cssParts),
      },
    },
  }
}

function htmlData() {
  return {
    version: 1.1,
    tags: elements.map(({ tagName, description, attributes }) => ({
      name: tagName,
      description,
      attributes: attributes.map(({ name, description, type }) => {
        const values = [...type.text.matchAll(/'([\w-]+)'/g)].map(([, word]) => ({ name: word }))
        if (type.text === 'boolean') return { name, description, valueSet: 'v' }
        return { name, description, ...(values.length > 0 && { values }) }
      }),
    })),
  }
}

function cssData() {
  const parts = namedOnce(({ cssParts = [] }) => cssParts)
  return {
    version: 1.1,
    properties: namedOnce(({ cssProperties = [] }) => cssProperties),
    pseudoElements: parts.map(({ name, description }) => ({ name: `::part(${name})`, description })),
  }
}

/** What the elements have, each name once: that of the first. */
function namedOnce(listOf) {
  return [
    ...new Map(
      elements
        .flatMap(listOf)
        .toReversed()
        .map((each) => [each.name, each]),
    ).values(),
  ].toReversed()
}

function propertiesOf({ members }) {
  return members.filter(({ kind }) => kind === 'field')
}

function write(file, content) {
  writeFileSync(`${root}dist/${file}`, `${JSON.stringify(content, null, 1)}\n`)
}
