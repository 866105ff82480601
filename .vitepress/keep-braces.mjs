/**
 * Keeps Vue from computing what stands in double braces in code within a line, which is Liquid or Twig here.
 *
 * @param {import('markdown-it').default} markdown
 */
export function keepBraces(markdown) {
  const render = markdown.renderer.rules.code_inline
  markdown.renderer.rules.code_inline = (tokens, index, ...others) => {
    tokens[index].attrSet('v-pre', '')
    return render(tokens, index, ...others)
  }
}
