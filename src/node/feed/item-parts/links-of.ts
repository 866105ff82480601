/**
 * The links in one text, which platforms part by commas, semicolons, bars, spaces or line ends. A comma may be part of a
 * link, too (`/w_400,h_400/shoe.jpg`, `/chair,black.jpg`): behind a whole address only another one begins a link, and
 * behind a name only what follows the ending of a picture or begins with a slash.
 */
export function linksOf(text: string | undefined): string[] {
  if (!text) return []
  return (
    text
      // Runs of spaces would take the time of their length squared or cubed.
      .replace(/\s+/g, (space) => (space.includes('\n') ? '\n' : space))
      .split('\n')
      .flatMap((line) => line.trim().split(isAddress.test(line) ? betweenAddresses : betweenNames))
      .map((link) =>
        link
          .replace(/(?<![,;|\s])[,;|\s]+$/, '')
          .trim()
          .replaceAll('\\,', ','),
      )
      .filter((link) => link !== '')
  )
}

const isAddress = /^\s*(?:https?:)?\/\//i

const betweenAddresses = /(?<=[,;|\s])(?=(?:https?:)?\/\/)/i

const betweenNames =
  /[,;|]\s*(?=https?:|\/)|[,;|](?<=\.(?:jpe?g|png|webp|gif|avif)(?:\?[^\s,;|]*)?\s*[,;|])\s*(?=[^\s,;|]+\.(?:jpe?g|png|webp|gif|avif)\b)/i
