import { basename } from 'node:path'
import { SimilarItemsError } from '../../errors.js'
import { type AttributeMap, parseAttributeMap } from '../feed/item-parts/map-item.js'
import { writeFileAtomically } from '../files/write-file.js'
import { type IndexReport, indexCatalog } from '../indexing/index-catalog.js'
import { IndexFailure } from '../indexing/index-failure.js'
import { catalogName } from '../pack/catalog-file.js'
import { parseShard } from '../shards/shard.js'
import {
  type Arguments,
  type Command,
  countOption,
  listOption,
  requiredOption,
  textOption,
  wordOption,
} from './command.js'
import { fileSize } from './file-size.js'
import { elementTag, siteAddress } from './page-tags.js'
import { ProgressLine } from './progress-line.js'
import { projectionHelp, projectionOptions, readProjectionOptions } from './projection-options.js'

export const indexCommand: Command = {
  usage: 'FEED --out DIR [options]',
  summary: "Encodes the pictures of a product feed and writes the page's catalog.json with its pack.",
  help: `  --out DIR             folder for catalog.json, the pack and the journal of the next run
  --model DIR           folder or URL of the model (default: the package's)
  --shard I/N           encode one of N parts of the feed, for merge or push: see Many machines
${projectionHelp}
  --base-url URL        make relative links of the feed absolute
  --images DIR          folder for relative picture links (default: that of the feed, else those that hold DIR)
  --omit LIST           attributes to leave out of catalog.json (default description)
  --map LIST            where the attributes are in a feed of no known shape, such as
                        title=Name,image_link=images[0].src,items=data.products
  --picture-key NAME    attribute that identifies a picture whose URL changes with every feed; signatures of the
                        usual stores are left out of URLs by themselves
  --currency CODE       of prices that name none, such as EUR
  --encoding NAME       encoding of the feed, where it does not say so itself
  --precision NAME      weights: auto, int8, fp16 or fp32 (default auto)
  --workers N           threads that encode (default: the number of cores)
  --concurrency N       pictures under way at once
  --timeout SECONDS     for one attempt at a picture (default 30), or the feed without a byte (default 60)
  --retries N           further attempts at a picture or the feed (default 3)
  --private-hosts LIST  hosts on this machine or a private network from which pictures may be fetched, or all
                        (that of the feed always may)
  --heic-decoder FILE   module that decodes HEIC pictures, for which sharp has no decoder
  --trust-journal       do not ask whether encoded pictures have changed
  --report FILE         write a JSON report, with every skipped item and why
  --strict              exit with 3 when an item was skipped`,
  arity: 1,
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    shard: { type: 'string' },
    ...projectionOptions,
    'base-url': { type: 'string' },
    images: { type: 'string' },
    omit: { type: 'string' },
    map: { type: 'string' },
    'picture-key': { type: 'string' },
    currency: { type: 'string' },
    encoding: { type: 'string' },
    precision: { type: 'string' },
    workers: { type: 'string' },
    concurrency: { type: 'string' },
    timeout: { type: 'string' },
    retries: { type: 'string' },
    'private-hosts': { type: 'string' },
    'heic-decoder': { type: 'string' },
    'trust-journal': { type: 'boolean' },
    report: { type: 'string' },
    strict: { type: 'boolean' },
  },
  async run(given, terminal, signal) {
    const progress = new ProgressLine(terminal.err, 'pictures')
    const [feed, out, model] = [
      given.positionals[0] as string,
      requiredOption(given, 'out'),
      textOption(given, 'model'),
    ]
    const [reportFile, shard] = [textOption(given, 'report'), textOption(given, 'shard')]
    const writeReport = async (report: object): Promise<void> => {
      if (reportFile) await writeFileAtomically(reportFile, `${JSON.stringify(report, null, 2)}\n`)
    }
    const report = await indexCatalog({
      feed,
      model,
      out,
      shard: shard === undefined ? undefined : parseShard(shard),
      ...readProjectionOptions(given),
      baseUrl: textOption(given, 'base-url'),
      images: textOption(given, 'images'),
      omit: listOption(given, 'omit'),
      map: mapOf(given),
      pictureKey: textOption(given, 'picture-key'),
      currency: currencyOf(given),
      encoding: textOption(given, 'encoding'),
      precision: wordOption(given, 'precision', ['auto', 'int8', 'fp16', 'fp32']),
      workers: countOption(given, 'workers'),
      concurrency: countOption(given, 'concurrency'),
      timeout: countOption(given, 'timeout'),
      retries: textOption(given, 'retries') === '0' ? 0 : countOption(given, 'retries'),
      privateHosts: listOption(given, 'private-hosts'),
      heicDecoder: textOption(given, 'heic-decoder'),
      trustJournal: given.values['trust-journal'] === true,
      onProgress({ total, encoded, unchanged, kept, failed }) {
        const note = keptNote(kept) + (failed > 0 ? `, ${failed} failed` : '')
        progress.update(encoded + unchanged + kept + failed, total, encoded + kept + failed, note)
      },
      signal,
    })
      .catch(async (error: unknown) => {
        if (error instanceof SimilarItemsError) await writeReport(failureReport(error))
        throw error
      })
      .finally(() => progress.end())
    await writeReport(report)
    terminal.out.write(summary(report))
    terminal.out.write(shard === undefined ? `${pageTag(out, model)}\n` : shardNote(out, shard))
    return given.values.strict && report.skipped.length > 0 ? 3 : 0
  },
}

/** What a run that failed has to tell: then a report is needed most. */
function failureReport(error: SimilarItemsError): object {
  const { code, message } = error
  const { skipped, notes } = error instanceof IndexFailure ? error : { skipped: [], notes: [] }
  return { error: { code, message }, products: 0, skipped, notes }
}

function mapOf(given: Arguments): AttributeMap | undefined {
  const map = textOption(given, 'map')
  return map === undefined ? undefined : parseAttributeMap(map)
}

function currencyOf(given: Arguments): string | undefined {
  const code = textOption(given, 'currency')
  if (code === undefined || /^[A-Z]{3}$/.test(code)) return code
  throw new SimilarItemsError(
    'invalid-argument',
    `--currency takes a code of three capital letters, such as EUR; it is "${code}".`,
  )
}

function summary(report: IndexReport): string {
  const { products, pictures, skipped, notes, pack, packBytes, space, seconds } = report
  const { encoded, unchanged, kept, failed } = pictures
  const lines = [
    `${products} products in ${pack} (${fileSize(packBytes)}), space ${space.fingerprint}`,
    `${encoded} pictures encoded, ${unchanged} unchanged${keptNote(kept)}, ${failed} failed, in ${seconds.toFixed(1)} s`,
    ...weightsNote(report),
  ]
  if (notes.length > 0) lines.push(...notesText(notes))
  if (skipped.length > 0) {
    lines.push(`${skipped.length} items have no vector:`)
    lines.push(...skipped.slice(0, shownSkipped).map(({ id, reason }) => `  ${id}: ${reason}`))
    if (skipped.length > shownSkipped) lines.push(`  … --report FILE lists all ${skipped.length}`)
  }
  return `${lines.join('\n')}\n`
}

function notesText(notes: IndexReport['notes']): string[] {
  const shown = notes.slice(0, shownSkipped)
  const rest = notes.length - shown.length
  return [
    ...shown.map(({ item, note }) => (item === null ? note : `${item}: ${note}`)),
    ...(rest > 0 ? [`  … and ${rest} notes more; --report FILE lists all`] : []),
  ]
}

/** What follows a shard. */
function shardNote(out: string, shard: string): string {
  return `shard ${shard} is in ${out}: merge makes one catalogue of all, push loads each as it is\n`
}

/** What shows the result. A page has to have the model that the pack was made with. */
function pageTag(out: string, model: string | undefined): string {
  const catalog = `${siteAddress(out)}${catalogName}`
  return elementTag({ catalog, item: 'ID', model: model && `/URL-OF-${basename(model)}/` })
}

/** Which weights compute, and what the others took. */
function weightsNote({ modelFile, weights }: IndexReport): string[] {
  const name = (url: string) => url.slice(url.lastIndexOf('/') + 1)
  if (!weights) return []
  const slower = weights.slower.map((other) => `${name(other.modelFile)} ${other.milliseconds.toFixed(0)} ms`)
  const against = slower.length > 0 ? ` a picture, against ${slower.join(' and ')}` : ''
  const time = weights.chosen.milliseconds
  const how = time > 0 ? `: ${time.toFixed(0)} ms${against}` : ', as in the run before'
  const saturated = weights.refused.filter((reason) => reason.includes('self-check failed'))
  return [`weights ${name(modelFile)}${how}`, ...saturated.map((reason) => `  ${reason}`)]
}

function keptNote(kept: number): string {
  return kept > 0 ? `, ${kept} not reached and kept` : ''
}

const shownSkipped = 10
