import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { assertOwnCatalog } from '../../../../src/node/command/init/answers.js'
import { buildScript } from '../../../../src/node/command/init/build-script.js'
import { guessStack, stackNames, stacks } from '../../../../src/node/command/init/stacks.js'
import { clusteredVectors, writeMadeFolder } from '../../cells/made-clusters.js'
import { copyPhoto, scratchFolder } from '../scratch.js'
import { isBuilt, runCommand, startCommand } from './command-process.js'

/** A shop's project with two products and the dependencies that are given. */
function project(dependencies?: readonly string[]): string {
  const folder = scratchFolder()
  for (const name of ['chair', 'hat'] as const) copyPhoto(name, join(folder, `${name}.jpg`))
  const items = ['chair', 'hat'].map((id) => ({ id, title: id, image_link: `/${id}.jpg` }))
  writeFileSync(join(folder, 'feed.json'), JSON.stringify(items))
  if (dependencies) {
    const named = Object.fromEntries(dependencies.map((name) => [name, '1.0.0']))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ devDependencies: named }))
  }
  return folder
}

/** A project as frameworks have it: the feed beside package.json, and the pictures in a folder. */
function projectWithPictures(place: string, prefix: string): string {
  const folder = scratchFolder()
  const items = (['chair', 'hat'] as const).map((id) => ({
    id,
    title: id,
    image_link: `${prefix}img/${id}.jpg`,
  }))
  writeFileSync(join(folder, 'feed.json'), JSON.stringify(items))
  mkdirSync(join(folder, place, 'img'), { recursive: true })
  for (const { id } of items) copyPhoto(id, join(folder, place, 'img', `${id}.jpg`))
  return folder
}

function init(cwd: string, ...options: readonly string[]) {
  const { process: child, ended } = startCommand(['init', ...options], { cwd, input: 'pipe' })
  return { child, ended, write: (text: string) => child.stdin?.write(text), end: () => child.stdin?.end() }
}

describe.skipIf(!isBuilt)('similar-items init', () => {
  test('asks three questions, again after a bad answer, and sets the site up; a second run renews it', async () => {
    const folder = project(['vite', 'react'])
    const first = init(folder)
    first.write('nowhere.xml\nfeed.json\n\nreakt\n\n')
    const { code, stdout, stderr } = await first.ended
    expect(stderr).not.toMatch(/error|at /i)
    expect(code).toBe(0)
    expect(stdout).toContain('Product feed, a file or URL [feed.json]: ')
    expect(stdout).toContain('nowhere.xml is not there.')
    expect(stdout).toContain('Folder that your site serves as it is [public]: ')
    expect(stdout).toContain('"reakt" is none of')
    expect(stdout).toContain('Did you mean "react"?')
    expect(stdout).toContain('<SimilarItems catalog="/similar/catalog.json" item={id} />')
    expect(stdout).toContain('"prebuild": "similar-items index feed.json --out public/similar"')
    expect(stdout).toContain('public/similar/.similar-items-journal.jsonl makes that fast')
    // Vite brings them: a site would have all files twice.
    expect(readdirSync(join(folder, 'public'))).toEqual(['similar'])
    const catalog = () => JSON.parse(readFileSync(join(folder, 'public/similar/catalog.json'), 'utf8'))
    const before = catalog()

    const second = await init(folder, '--yes', '--stack', 'bundler').ended
    expect(second.code).toBe(0)
    expect(second.stdout).not.toContain('Product feed')
    expect(second.stdout).toContain('assets="/similar-items/"')
    expect(second.stdout).toContain(
      'index feed.json --out public/similar && similar-items copy public/similar-items',
    )
    expect(readdirSync(join(folder, 'public/similar-items'))).toContain('worker.js')
    expect(catalog()).toEqual(before)
  })

  test('writes nothing when its input ends, and says which option answers', async () => {
    const folder = project()
    const { ended, write, end } = init(folder)
    write('feed.json\n')
    end()
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([2, 'The input ended without an answer: give --out.\n'])
    expect(existsSync(join(folder, 'public'))).toBe(false)
  })

  test('Ctrl-C at a question ends it', async () => {
    const folder = project()
    const { child, ended } = init(folder)
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    child.kill('SIGINT')
    const { code, stderr } = await ended
    expect([code, stderr]).toEqual([130, 'Interrupted.\n'])
    expect(existsSync(join(folder, 'public'))).toBe(false)
  })

  test.each([
    [['--stack', 'nexjs', '--yes'], 'Did you mean "nextjs"?'],
    [['--feed', 'gone.json', '--yes'], 'gone.json is not there.'],
    [['--out', 'feed.json', '--yes'], 'feed.json is a file. Name a folder'],
    [['--out', 'https://shop.example/', '--yes'], 'is a URL. Name a folder'],
    [['--feed', '.', '--yes'], '. is no file.'],
    [['--jes'], 'Did you mean "--yes"?'],
  ])('%j is explained, and nothing is written', async (options, message) => {
    const folder = project()
    const { code, stderr } = await init(folder, ...options).ended
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    expect(existsSync(join(folder, 'public'))).toBe(false)
  })

  test('without a feed that it could propose --yes asks for one', async () => {
    const { code, stderr } = await init(scratchFolder(), '--yes').ended
    expect([code, stderr]).toEqual([2, 'There is nothing to propose: give --feed.\n'])
  })

  test('leaves a folder alone that holds something else', async () => {
    const folder = project()
    mkdirSync(join(folder, 'public/similar-items'), { recursive: true })
    writeFileSync(join(folder, 'public/similar-items/work.txt'), 'mine')
    const { code, stderr } = await init(folder, '--yes').ended
    expect([code, stderr]).toEqual([2, expect.stringContaining('holds something else')])
    expect(readdirSync(join(folder, 'public/similar-items'))).toEqual(['work.txt'])
  })

  test.each(['/', ''])(
    'pictures in the served folder are found, with links as %simg/1.jpg',
    async (prefix) => {
      const folder = projectWithPictures('public', prefix)
      const { code, stdout } = await init(folder, '--yes', '--stack', 'vite').ended
      expect([code, stdout]).toEqual([0, expect.stringContaining('2 products in')])
      expect(stdout).not.toMatch(/without a picture|--images/)
      const { items } = JSON.parse(readFileSync(join(folder, 'public/similar/catalog.json'), 'utf8'))
      expect(items[0].image_link).toBe(`${prefix}img/chair.jpg`)
    },
  )

  test('pictures elsewhere: the message names --images, which finds them and stands in the build', async () => {
    const folder = projectWithPictures('media', '/')
    const answers = ['--yes', '--stack', 'vite']
    const failed = await init(folder, ...answers).ended
    expect(failed.code).not.toBe(0)
    expect(failed.stderr).toContain('None of the 2 pictures of the feed can be used')
    expect(failed.stderr).toContain('name the folder of the pictures with --images.')
    const wrong = await init(folder, ...answers, '--images', 'nowhere').ended
    expect(wrong.stderr).toContain('Relative links are looked up in nowhere:')
    const { code, stdout } = await init(folder, ...answers, '--images', 'media').ended
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 products in')])
    expect(stdout).toContain('index feed.json --out public/similar --images media')
  })
})

test.each([
  '{"chairs":[]}',
  '[]',
  'no JSON',
  '{"pack":null,"items":[]}',
  '{"pack":{"url":1},\n"items":[\n{"id":"1"}\n]}\n',
])('a catalog.json of the shop itself, %s, is left alone', async (text) => {
  const folder = project()
  const [out, catalog] = [join(folder, 'public'), join(folder, 'public/similar/catalog.json')]
  mkdirSync(join(out, 'similar'), { recursive: true })
  writeFileSync(catalog, text)
  const { code, stderr } = await runCommand(
    'init',
    ...['--feed', join(folder, 'feed.json'), '--out', out, '--yes'],
  )
  expect([code, stderr]).toEqual([2, expect.stringContaining('is there and was not written by')])
  expect(readFileSync(catalog, 'utf8')).toBe(text)
  expect(readdirSync(out)).toEqual(['similar'])
})

test('a catalogue that index wrote is written again, also without its journal', async () => {
  const folder = scratchFolder()
  await assertOwnCatalog(join(folder, 'similar'))
  await writeMadeFolder(folder, clusteredVectors(3, 1))
  await assertOwnCatalog(folder)
  expect(readdirSync(folder)).toContain('catalog.json')
})

test.each([
  [null, 'plain'],
  [[], 'plain'],
  [['express'], 'plain'],
  [['react', 'next', 'typescript'], 'nextjs'],
  [['vue', 'nuxt'], 'nuxt'],
  [['vite', 'svelte', '@sveltejs/kit'], 'sveltekit'],
  [['vite', 'vue'], 'vue'],
  [['react', 'astro'], 'astro'],
  [['svelte', 'astro'], 'astro'],
  [['vite', 'svelte'], 'svelte'],
  [['webpack', 'react'], 'react'],
  [['webpack'], 'webpack'],
  [['vite'], 'vite'],
  [['vite', 'rollup'], 'vite'],
  [['rollup'], 'bundler'],
  [['esbuild'], 'bundler'],
  [['react', 'esbuild'], 'bundler'],
  [['vue', 'esbuild', 'vite'], 'vue'],
  [['next', 'react', 'esbuild'], 'nextjs'],
  [['@angular/core'], 'angular'],
  [['parcel'], 'parcel'],
  [['parcel', 'react'], 'parcel'],
])('a project with %j is taken for %s', (dependencies, stack) => {
  expect(guessStack(dependencies)).toBe(stack)
})

test.each(stackNames)(
  '%s: what is pasted names the catalogue, and the files where they are copied',
  (stack) => {
    const { paste, bringsFiles } = stacks[stack]
    const catalog = '/similar/catalog.json'
    expect(paste({ catalog, assets: '/files/' })).toContain(`${catalog}`)
    expect(paste({ catalog, assets: '/files/' })).toContain('/files/')
    if (bringsFiles) expect(paste({ catalog })).not.toMatch(/assets|undefined/)
  },
)

test.each(['nuxt', 'sveltekit', 'svelte', 'astro', 'vue', 'react', 'vite'] as const)(
  '%s: Vite is told what it needs',
  (stack) => {
    const text = stacks[stack].paste({ catalog: '/c.json', assets: '/a/' })
    expect(text).toContain("worker: { format: 'es' }, optimizeDeps: { exclude: ['similar-items'] }")
  },
)

test.each([
  ['nextjs', '{ id }: { id: string }'],
  ['react', '{ id }: { id: string }'],
  ['nuxt', 'defineProps<{ id: string }>()'],
  ['vue', 'lang="ts"'],
  ['sveltekit', 'lang="ts"'],
  ['svelte', '{ id }: { id: string }'],
] as const)('%s: with TypeScript a component says what the id is', (stack, typed) => {
  const addresses = { catalog: '/c.json', assets: '/a/' }
  expect(stacks[stack].paste({ ...addresses, isTyped: true })).toContain(typed)
  expect(stacks[stack].paste(addresses)).not.toMatch(/string|"ts"/)
})

test('Parcel is given nothing that it could take apart', () => {
  const text = stacks.parcel.paste({ catalog: '/c.json', assets: '/a/' })
  expect(text).toContain("const define = '/a/define.js'\nimport(define)")
  expect(text).not.toContain("'similar-items/")
})

test.each([
  [
    ['feed.xml', 'public\\similar', 'public\\similar-items'],
    '\\',
    'index feed.xml --out public/similar && similar-items copy public/similar-items',
  ],
  [
    ['my "feed".xml', 'public/similar', 'a b/files'],
    '/',
    'index "my \\"feed\\".xml" --out public/similar && similar-items copy "a b/files"',
  ],
  [['feed.xml', 'public/similar', null], '/', 'index feed.xml --out public/similar'],
  [
    ['https://me:secret@shop.example/feed', 'p/s', 'p/f'],
    '/',
    'index FEED --out p/s && similar-items copy p/f',
  ],
  [
    ['https://shop.example/feed?a=1&b=2', 'p\\s', 'p\\f'],
    '\\',
    'index "https://shop.example/feed?a=1&b=2" --out p/s && similar-items copy p/f',
  ],
] as const)('the line for package.json is JSON: %j', ([feed, similar, files], separator, command) => {
  expect(JSON.parse(`{${buildScript(feed, similar, files, undefined, separator)}}`)).toEqual({
    prebuild: `similar-items ${command}`,
  })
})
