import {
  type Addresses,
  angularComponent,
  astroPage,
  bundledPage,
  parcelPage,
  plainPage,
  reactComponent,
  reactPage,
  svelteComponent,
  vitePage,
  viteSettings,
  vueComponent,
} from './snippets.js'

/** How one kind of project shows the element. */
interface Stack {
  /** A package that tells it in `package.json`. */
  readonly package?: string
  /** Folder of what is served as it is. */
  readonly folder: string
  /** Whether its bundler finds worker, ONNX Runtime and model by itself: a copy would be a second one. */
  readonly bringsFiles: boolean
  /** What to paste, with a line that says where. */
  readonly paste: (addresses: Addresses) => string
}

/** From the most particular on: a project with Next.js has React as well. */
export const stacks = {
  nextjs: { package: 'next', folder: 'public', bringsFiles: true, paste: reactComponent },
  nuxt: {
    package: 'nuxt',
    folder: 'public',
    bringsFiles: true,
    paste: (addresses) => `${vueComponent(addresses, 'vue: { compilerOptions: {', '} } in nuxt.config.ts')}

${viteSettings('nuxt.config.ts', 'vite')}`,
  },
  angular: { package: '@angular/core', folder: 'public', bringsFiles: false, paste: angularComponent },
  sveltekit: { package: '@sveltejs/kit', folder: 'static', bringsFiles: true, paste: svelteComponent },
  astro: { package: 'astro', folder: 'public', bringsFiles: true, paste: astroPage },
  // Before those that it may bundle: it needs another way.
  parcel: { package: 'parcel', folder: 'dist', bringsFiles: false, paste: parcelPage },
  svelte: { package: 'svelte', folder: 'public', bringsFiles: true, paste: svelteComponent },
  vue: {
    package: 'vue',
    folder: 'public',
    bringsFiles: true,
    paste: (addresses) =>
      `${vueComponent(addresses, 'vue({ template: { compilerOptions: {', '} } }) in vite.config')}

${viteSettings()}`,
  },
  react: { package: 'react', folder: 'public', bringsFiles: true, paste: reactPage },
  vite: { package: 'vite', folder: 'public', bringsFiles: true, paste: vitePage },
  webpack: { package: 'webpack', folder: 'public', bringsFiles: true, paste: bundledPage },
  bundler: { folder: 'public', bringsFiles: false, paste: bundledPage },
  plain: { folder: 'public', bringsFiles: false, paste: plainPage },
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
  const found = stackNames.find(isThere)
  if (found && !isLibrary(found)) return found
  const has = (...names: readonly string[]) => names.some((name) => dependencies.includes(name))
  // Libraries may be bundled by any; these two do not find the package's files.
  return has('rollup', 'esbuild') && !has('vite', 'webpack') ? 'bundler' : (found ?? 'plain')
}

function isLibrary(name: StackName): boolean {
  return name === 'svelte' || name === 'vue' || name === 'react'
}
