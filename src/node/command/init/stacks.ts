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
  viteSettings,
  vueComponent,
} from './snippets.js'

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
  svelte: { package: 'svelte', folder: 'public', paste: svelteComponent },
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
