import { elementTag } from '../page-tags.js'

/** Addresses on the site of what `init` has made. */
export interface Addresses {
  readonly catalog: string
  /** Of the copied package, with a slash at the end. */
  readonly assets: string
}

/** How one kind of project shows the element. */
interface Stack {
  /** A package that tells it in `package.json`. */
  readonly package?: string
  /** Folder of what is served as it is. */
  readonly folder: string
  /** What to paste, with a line that says where. */
  readonly paste: (addresses: Addresses) => string
}

/** From the most particular on: a project with Next.js has React as well. */
export const stacks = {
  nextjs: { package: 'next', folder: 'public', paste: reactComponent },
  nuxt: {
    package: 'nuxt',
    folder: 'public',
    paste: (addresses) => `${vueComponent(addresses, 'vue: { compilerOptions: {', '} } in nuxt.config.ts')}

${viteSettings('nuxt.config.ts', 'vite')}`,
  },
  angular: { package: '@angular/core', folder: 'public', paste: angularComponent },
  sveltekit: { package: '@sveltejs/kit', folder: 'static', paste: svelteComponent },
  astro: { package: 'astro', folder: 'public', paste: astroPage },
  // Before those that it may bundle: it needs another way.
  parcel: { package: 'parcel', folder: 'dist', paste: parcelPage },
  vue: {
    package: 'vue',
    folder: 'public',
    paste: (addresses) =>
      `${vueComponent(addresses, 'vue({ template: { compilerOptions: {', '} } }) in vite.config')}

${viteSettings()}`,
  },
  react: { package: 'react', folder: 'public', paste: reactPage },
  bundler: { package: 'vite', folder: 'public', paste: bundledPage },
  plain: { folder: 'public', paste: plainPage },
} as const satisfies Record<string, Stack>

export type StackName = keyof typeof stacks

export const stackNames = Object.keys(stacks) as StackName[]

/** What a project most likely is, by the names of its dependencies; null where it has no `package.json`. */
export function guessStack(dependencies: readonly string[] | null): StackName {
  if (!dependencies) return 'plain'
  const isThere = (name: StackName) => {
    const { package: wanted }: Stack = stacks[name]
    return wanted !== undefined && dependencies.includes(wanted)
  }
  const bundlers = ['webpack', 'rollup', 'esbuild']
  const hasBundler = dependencies.some((name) => bundlers.includes(name))
  return stackNames.find(isThere) ?? (hasBundler ? 'bundler' : 'plain')
}

function plainPage({ catalog, assets }: Addresses): string {
  return `Into a product page, with the id of its product:

<script type="module" src="${assets}define.js"></script>
${elementTag({ catalog, item: 'ID' })}`
}

function bundledPage({ catalog, assets }: Addresses): string {
  return `Into a script of the page:

import 'similar-items/define'

Into the page, with the id of its product:

${elementTag({ catalog, item: 'ID', assets })}

${viteSettings()}`
}

/** Parcel takes the package apart and stops; an address in a variable it leaves alone. */
function parcelPage({ catalog, assets }: Addresses): string {
  return `Into a script of the page:

const define = '${assets}define.js'
import(define)

Into the page, with the id of its product:

${elementTag({ catalog, item: 'ID' })}`
}

/** Vite needs workers as modules, and must not move the package's scripts while it develops. */
function viteSettings(file = 'vite.config', within?: string): string {
  const settings = "worker: { format: 'es' }, optimizeDeps: { exclude: ['similar-items'] }"
  return `${within === undefined ? 'With Vite' : 'For Vite'}, in ${file}:
${within === undefined ? settings : `${within}: { ${settings} }`}`
}

function reactComponent({ catalog, assets }: Addresses): string {
  return `A component:

'use client'
import { SimilarItems } from 'similar-items/react'

export function Similar({ id }) {
  return <SimilarItems catalog="${catalog}" assets="${assets}" item={id} />
}`
}

function reactPage(addresses: Addresses): string {
  return `${reactComponent(addresses)}

${viteSettings()}`
}

function vueComponent({ catalog, assets }: Addresses, before: string, after: string): string {
  return `A component:

<script setup>
import 'similar-items/define'
defineProps(['id'])
</script>

<template>
  <similar-items catalog="${catalog}" assets="${assets}" :item="id"></similar-items>
</template>

And tell Vue that the tag is no component of its own:
${before} isCustomElement: (tag) => tag === 'similar-items' ${after}`
}

function svelteComponent({ catalog, assets }: Addresses): string {
  return `A component:

<script>
  import 'similar-items/define'
  let { id } = $props()
</script>

<similar-items catalog="${catalog}" assets="${assets}" item={id}></similar-items>

${viteSettings()}`
}

function astroPage({ catalog, assets }: Addresses): string {
  return `Into a product page, with the id of its product:

${elementTag({ catalog, item: 'ID', assets })}
<script>
  import 'similar-items/define'
</script>

${viteSettings('astro.config', 'vite')}`
}

function angularComponent({ catalog, assets }: Addresses): string {
  return `A component:

import { Component, CUSTOM_ELEMENTS_SCHEMA, input } from '@angular/core'
import 'similar-items/define'

@Component({
  selector: 'app-similar',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`<similar-items catalog="${catalog}" assets="${assets}" [attr.item]="id()"></similar-items>\`,
})
export class Similar {
  readonly id = input.required<string>()
}`
}
