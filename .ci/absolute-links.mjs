/**
 * A document whose relative links lead into the repository on the web, and whose pictures come from there.
 *
 * @param {string} markdown
 * @param {string} repository its address, without a slash at the end.
 * @param {string} revision a tag or branch.
 * @returns {string}
 */
export function absoluteLinks(markdown, repository, revision) {
  return markdown.replace(/(!?)(\[[^\]]*\])\((?!https?:|#)([^)\s]+)\)/g, (_, mark, text, path) => {
    return `${mark}${text}(${repository}/${mark ? 'raw' : 'blob'}/${revision}/${path})`
  })
}
