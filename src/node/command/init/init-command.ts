import { join } from 'node:path'
import { SimilarItemsError } from '../../../errors.js'
import { copyPackage } from '../../files/copy-package.js'
import { indexCatalog, journalName } from '../../indexing/index-catalog.js'
import { catalogName } from '../../pack/catalog-file.js'
import { type Arguments, type Command, type Terminal, textOption } from '../command.js'
import { fileSize } from '../file-size.js'
import { siteAddress } from '../page-tags.js'
import { ProgressLine } from '../progress-line.js'
import { assertFeed, assertOwnCatalog, assertServedFolder, readStack } from './answers.js'
import { buildScript } from './build-script.js'
import { findFeed, type Project, readProject } from './project.js'
import { type Question, Questions } from './questions.js'
import { type StackName, stackNames, stacks } from './stacks.js'

export const initCommand: Command = {
  usage: '[--feed FEED] [--out DIR] [--stack NAME] [--images DIR] [--yes]',
  summary:
    'Sets up a site: asks three questions, encodes the feed, copies the files, and prints what to paste.',
  help: `Asks what is not given:
  --feed FEED           the product feed, a file or URL: see index
  --out DIR             the folder that the site serves as it is, such as public
  --stack NAME          ${stackNames.join(', ')}
  --images DIR          the folder of pictures with relative links, where it is neither that of the feed nor the served one
  --yes                 takes what the questions propose instead of asking

DIR/similar gets catalog.json and its pack, and DIR/similar-items the files that pages load, unless the stack's bundler
brings those by itself. Run it again at any time: only pictures that have changed are encoded, and the files are replaced.`,
  arity: 0,
  options: {
    feed: { type: 'string' },
    out: { type: 'string' },
    stack: { type: 'string' },
    images: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
  },
  async run(given, terminal, signal) {
    const project = await readProject()
    const { feed, folder, stack } = await answers(given, project, terminal, signal)
    const { paste, bringsFiles } = stacks[stack]
    const similar = join(folder, 'similar')
    const images = textOption(given, 'images')
    const files = bringsFiles ? null : join(folder, 'similar-items')

    // First what takes a moment and may be refused.
    await assertOwnCatalog(similar)
    const copied = files && (await copyPackage(files))
    const progress = new ProgressLine(terminal.err, 'pictures')
    const report = await indexCatalog({
      feed,
      out: similar,
      images,
      onProgress({ total, encoded, unchanged, kept, failed }) {
        const finished = encoded + unchanged + kept + failed
        progress.update(finished, total, encoded + kept + failed, failed > 0 ? `, ${failed} failed` : '')
      },
      signal,
    }).finally(() => progress.end())

    const skipped =
      report.skipped.length > 0 ? `, ${report.skipped.length} of them without a picture that can be used` : ''
    const { isTyped } = project
    const addresses = {
      catalog: `${siteAddress(similar)}${catalogName}`,
      assets: files === null ? undefined : siteAddress(files),
      isTyped,
    }
    terminal.out.write(`
${report.products} products in ${similar}${skipped}
${copied ? `${copied.files} files, ${fileSize(copied.bytes)}, in ${files}` : broughtFiles}

${paste(addresses)}

With every build, in the scripts of package.json:

${buildScript(feed, similar, files, images)}

${join(similar, journalName)} makes that fast. Keep it between builds, but do not upload it.
`)
    return 0
  },
}

const broughtFiles =
  'Scripts, worker and model are not copied: Vite, webpack and Next.js bring them. With another bundler, --stack bundler.'

interface Answers {
  readonly feed: string
  readonly folder: string
  readonly stack: StackName
}

async function answers(
  given: Arguments,
  project: Project,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Answers> {
  const questions = given.values.yes
    ? null
    : new Questions(terminal.in ?? process.stdin, terminal.out, signal)
  const answer = async <Answer>(question: Question<Answer>): Promise<Answer> => {
    const value = textOption(given, question.option) ?? (questions ? undefined : question.default)
    if (value !== undefined) return question.read(value)
    if (questions) return questions.ask(question)
    throw new SimilarItemsError('invalid-argument', `There is nothing to propose: give --${question.option}.`)
  }
  try {
    return {
      feed: await answer({
        text: 'Product feed, a file or URL',
        default: await findFeed(),
        option: 'feed',
        read: assertFeed,
      }),
      folder: await answer({
        text: 'Folder that your site serves as it is',
        default: project.folder,
        option: 'out',
        read: assertServedFolder,
      }),
      stack: await answer({
        text: `Stack (${stackNames.join(', ')})`,
        default: project.stack,
        option: 'stack',
        read: readStack,
      }),
    }
  } finally {
    questions?.close()
  }
}
