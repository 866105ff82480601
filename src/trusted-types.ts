/** Allowed by pages whose policy has `require-trusted-types-for 'script'`: see docs/serving.md. */
const POLICY_NAME = 'similar-items'

/** What TypeScript's library does not know of Trusted Types. The values pass for strings where browsers want them. */
interface Policy {
  createScriptURL(url: string): string
  createHTML(html: string): string
}

let policy: Policy | undefined

/** An address of a script of this package, as pages with Trusted Types want it. */
export function trustedScriptUrl(url: URL | string): string {
  return thePolicy()?.createScriptURL(String(url)) ?? String(url)
}

/** Markup for an inert document, as pages with Trusted Types want it: nothing of it is put into the page. */
export function trustedInertHtml(html: string): string {
  return thePolicy()?.createHTML(html) ?? html
}

/** Undefined in browsers without Trusted Types. @throws TypeError where the page's policy does not allow its name. */
function thePolicy(): Policy | undefined {
  const { trustedTypes } = globalThis as {
    readonly trustedTypes?: { createPolicy(name: string, rules: Policy): Policy }
  }
  policy ??= trustedTypes?.createPolicy(POLICY_NAME, {
    createScriptURL: (url) => url,
    createHTML: (html) => html,
  })
  return policy
}
