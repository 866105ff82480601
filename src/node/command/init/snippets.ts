import { elementTag } from '../page-tags.js'

/** Addresses on the site of what `init` has made. */
export interface Addresses {
  readonly catalog: string
  /** Of the copied package, with a slash at the end; undefined where the bundler brings the files. */
  readonly assets?: string | undefined
  /** Whether the project has TypeScript: components then say what `id` is. */
  readonly isTyped?: boolean
}

export function plainPage({ catalog, assets }: Addresses): string {
  return `Into a product page, with the id of its product:

<script type="module" src="${assets}define.js"></script>
${elementTag({ catalog, item: 'ID' })}`
}

export function bundledPage({ catalog, assets }: Addresses): string {
  return `Into a script of the page:

import 'similar-items/define'

Into the page, with the id of its product:

${elementTag({ catalog, item: 'ID', assets })}`
}

export function vitePage(addresses: Addresses): string {
  return `${bundledPage(addresses)}

${viteSettings()}`
}

/** Parcel takes the package apart and stops; an address in a variable it leaves alone. */
export function parcelPage({ catalog, assets }: Addresses): string {
  return `Into a script of the page:

const define = '${assets}define.js'
import(define)

Into the page, with the id of its product:

${elementTag({ catalog, item: 'ID' })}`
}

/** Vite needs workers as modules, and must not move the package's scripts while it develops. */
export function viteSettings(file = 'vite.config', within?: string): string {
  const settings = "worker: { format: 'es' }, optimizeDeps: { exclude: ['similar-items'] }"
  return `${within === undefined ? 'With Vite' : 'For Vite'}, in ${file}:
${within === undefined ? settings : `${within}: { ${settings} }`}`
}

export function reactComponent({ catalog, assets, isTyped }: Addresses): string {
  return `A component:

'use client'
import { SimilarItems } from 'similar-items/react'

export function Similar({ id }${isTyped ? ': { id: string }' : ''}) {
  return <SimilarItems catalog="${catalog}"${inTag(assets)} item={id} />
}`
}

export function reactPage(addresses: Addresses): string {
  return `${reactComponent(addresses)}

${viteSettings()}`
}

export function vueComponent({ catalog, assets, isTyped }: Addresses, before: string, after: string): string {
  return `A component:

<script setup${isTyped ? ' lang="ts"' : ''}>
import 'similar-items/define'
${isTyped ? 'defineProps<{ id: string }>()' : "defineProps(['id'])"}
</script>

<template>
  <similar-items catalog="${catalog}"${inTag(assets)} :item="id"></similar-items>
</template>

And tell Vue that the tag is no component of its own:
${before} isCustomElement: (tag) => tag === 'similar-items' ${after}`
}

export function svelteComponent({ catalog, assets, isTyped }: Addresses): string {
  return `A component:

<script${isTyped ? ' lang="ts"' : ''}>
  import 'similar-items/define'
  let { id }${isTyped ? ': { id: string }' : ''} = $props()
</script>

<similar-items catalog="${catalog}"${inTag(assets)} item={id}></similar-items>

${viteSettings()}`
}

export function astroPage({ catalog, assets }: Addresses): string {
  return `Into a product page, with the id of its product:

${elementTag({ catalog, item: 'ID', assets })}
<script>
  import 'similar-items/define'
</script>

${viteSettings('astro.config', 'vite')}`
}

export function angularComponent({ catalog, assets }: Addresses): string {
  return `A component:

import { Component, CUSTOM_ELEMENTS_SCHEMA, input } from '@angular/core'
import 'similar-items/define'

@Component({
  selector: 'app-similar',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: \`<similar-items catalog="${catalog}"${inTag(assets)} [attr.item]="id()"></similar-items>\`,
})
export class Similar {
  readonly id = input.required<string>()
}`
}

function inTag(assets: string | undefined): string {
  return assets === undefined ? '' : ` assets="${assets}"`
}
