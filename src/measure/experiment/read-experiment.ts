import { SimilarItemsError } from '../../errors.js'
import { chiSquareUpperTail } from '../statistics/distributions.js'
import type { VariantShare } from './assign-variant.js'
import { type Comparison, compareRates, Rate } from './compare-rates.js'
import type { ExperimentEvent } from './experiment-events.js'
import { type Sought, sampleSizeForRate } from './sample-size.js'

export interface ReadExperimentOptions {
  /** Default: the only one in the events. */
  readonly experiment?: string | undefined
  /** The variant that the others are compared with. Default: the first of `variants`, else of the events. */
  readonly control?: string | undefined
  /** As they were assigned. Default: those of the events, with equal shares. */
  readonly variants?: readonly VariantShare[] | undefined
  /** Probability of the confidence intervals. Default 0.95. */
  readonly level?: number | undefined
  /** What is to be found, for the number of visitors that it needs. Default: nothing is said of that. */
  readonly sought?: Sought | undefined
}

/** Plain data: what the reports are written from. */
export interface ExperimentReading {
  readonly experiment: string
  readonly control: string
  readonly level: number
  readonly variants: readonly VariantReading[]
  readonly sampleRatio: SampleRatio
  /** Null where it was not said what is sought. */
  readonly sampleSize: SampleSize | null
  /** Visitors who were shown two variants; they are left out. */
  readonly visitorsOfSeveral: number
  /** Clicks and conversions of visitors who were shown no list; they are left out. */
  readonly eventsWithoutExposure: number
  /**
   * Clicks and conversions that were certainly before the first list that the visitor was shown; they are left out. One with
   * a date only is before a list of a later day.
   */
  readonly eventsBeforeExposure: number
  /** Conversions of which that is not known, because they or the exposures have no time; they count. */
  readonly conversionsWithoutTime: number
  /** Events that were delivered more than once; each counts once. */
  readonly duplicates: number
}

export interface VariantReading {
  readonly name: string
  readonly visitors: number
  readonly exposures: number
  readonly clicks: number
  /** Clicks per list shown. */
  readonly clickThrough: RateReading
  /** Share of visitors who converted, once or more. */
  readonly conversion: RateReading
}

export interface RateReading {
  readonly rate: number
  readonly standardError: number
  /** Null for the control, and where there is too little to compare. */
  readonly againstControl: Comparison | null
}

/** Whether the visitors were divided as intended; where not, nothing else in the reading can be trusted. */
export interface SampleRatio {
  /** Of the chi-square test. */
  readonly pValue: number
  /**
   * False below 0.0005, as A. Fabijan et al. (Diagnosing Sample Ratio Mismatch in Online Controlled Experiments,
   * KDD 2019) test.
   */
  readonly asIntended: boolean
}

/** Visitors per variant that it takes to find what is sought, at the rates of the control. */
export interface SampleSize {
  readonly sought: Sought
  /** Null where the control's rate is 0. */
  readonly clickThrough: number | null
  readonly conversion: number | null
}

const leastSampleRatioPValue = 0.0005

/**
 * Click-through and conversion per variant of an experiment, compared with the control.
 * @throws SimilarItemsError `invalid-argument` where there is no experiment to read, or several and none is named, or
 * a variant of the events is none of `variants`.
 */
export function readExperiment(
  events: readonly ExperimentEvent[],
  options: ReadExperimentOptions = {},
): ExperimentReading {
  const { level = 0.95, sought } = options
  const experiment = options.experiment ?? onlyExperiment(events)
  const { visitors, ...leftOut } = readVisitors(events, experiment)
  const found = [...new Set(Array.from(visitors.values(), ({ variant }) => variant))]
  if (found.length === 0)
    throw invalid(`The events have no list of experiment "${experiment}" that was shown.`)
  const variants = options.variants ?? found.toSorted().map((name) => ({ name }))
  const names = variants.map(({ name }) => name)
  const { control = names[0] as string } = options
  for (const name of [...found, control]) {
    if (!names.includes(name)) throw invalid(`The variant "${name}" is none of ${names.join(', ')}.`)
  }
  const rates = measureVariants(names, visitors)
  const base = rates.get(control) as VariantRates
  const read = (name: string, kind: 'clickThrough' | 'conversion'): RateReading => {
    const rate = (rates.get(name) as VariantRates)[kind]
    const againstControl = name === control ? null : compareRates(rate, base[kind], level)
    return { rate: rate.value, standardError: Math.sqrt(rate.variance), againstControl }
  }
  return {
    experiment,
    control,
    level,
    variants: names.map((name) => {
      const { clickThrough } = rates.get(name) as VariantRates
      return {
        name,
        visitors: clickThrough.visitors,
        exposures: clickThrough.possible,
        clicks: clickThrough.done,
        clickThrough: read(name, 'clickThrough'),
        conversion: read(name, 'conversion'),
      }
    }),
    sampleRatio: checkSampleRatio(variants, rates),
    sampleSize: sought
      ? {
          sought,
          clickThrough: sampleSizeForRate(base.clickThrough, sought),
          conversion: sampleSizeForRate(base.conversion, sought),
        }
      : null,
    ...leftOut,
  }
}

interface Visitor {
  readonly variant: string
  /** Of the first exposure; Infinity where none has a time. */
  exposedAt: number
  exposures: number
  clicks: number
  conversions: number
}

function readVisitors(events: readonly ExperimentEvent[], experiment: string) {
  const visitors = new Map<string, Visitor>()
  const ofSeveral = new Set<string>()
  const ofExperiment = events.filter((event) => event.experiment === experiment)
  const relevant = withoutDuplicates(ofExperiment)
  // Exposures first: logs of several servers are seldom in order.
  for (const { type, visitor, variant, time = Number.POSITIVE_INFINITY } of relevant) {
    if (type !== 'exposure') continue
    const known = visitors.get(visitor) ?? {
      variant,
      exposedAt: time,
      exposures: 0,
      clicks: 0,
      conversions: 0,
    }
    known.exposedAt = Math.min(known.exposedAt, time)
    if (known.variant !== variant) ofSeveral.add(visitor)
    known.exposures++
    visitors.set(visitor, known)
  }
  let eventsWithoutExposure = 0
  let eventsBeforeExposure = 0
  let conversionsWithoutTime = 0
  for (const { type, visitor, time, until = time } of relevant) {
    const known = visitors.get(visitor)
    const isTimed = time !== undefined && known !== undefined && known.exposedAt < Number.POSITIVE_INFINITY
    if (known && type === 'conversion' && !isTimed) conversionsWithoutTime++
    if (!known) eventsWithoutExposure++
    else if (type !== 'exposure' && isTimed && (until as number) < known.exposedAt) eventsBeforeExposure++
    else if (type === 'click') known.clicks++
    else if (type === 'conversion') known.conversions++
  }
  for (const visitor of ofSeveral) visitors.delete(visitor)
  return {
    visitors,
    visitorsOfSeveral: ofSeveral.size,
    eventsWithoutExposure,
    eventsBeforeExposure,
    conversionsWithoutTime,
    duplicates: ofExperiment.length - relevant.length,
  }
}

/** Beacons are sent again where an answer is lost, and logs are put together twice. */
function withoutDuplicates(events: readonly ExperimentEvent[]): ExperimentEvent[] {
  const keys = new Set<string>()
  return events.filter(({ key }) => {
    if (key === undefined) return true
    if (keys.has(key)) return false
    keys.add(key)
    return true
  })
}

interface VariantRates {
  readonly clickThrough: Rate
  readonly conversion: Rate
}

function measureVariants(
  names: readonly string[],
  visitors: ReadonlyMap<string, Visitor>,
): Map<string, VariantRates> {
  const rates = new Map(names.map((name) => [name, { clickThrough: new Rate(), conversion: new Rate() }]))
  for (const { variant, exposures, clicks, conversions } of visitors.values()) {
    const { clickThrough, conversion } = rates.get(variant) as VariantRates
    clickThrough.add(clicks, exposures)
    conversion.add(conversions > 0 ? 1 : 0, 1)
  }
  return rates
}

function checkSampleRatio(
  variants: readonly VariantShare[],
  rates: ReadonlyMap<string, VariantRates>,
): SampleRatio {
  const counts = variants.map(({ name, share = 1 }) => ({
    share,
    count: rates.get(name)?.conversion.visitors ?? 0,
  }))
  const visitors = counts.reduce((sum, { count }) => sum + count, 0)
  const shares = counts.reduce((sum, { share }) => sum + share, 0)
  const chiSquare = counts.reduce((sum, { share, count }) => {
    const expected = (visitors * share) / shares
    // Nobody was to see this variant; whoever did is a mismatch by itself.
    if (expected === 0) return count > 0 ? Number.POSITIVE_INFINITY : sum
    return sum + (count - expected) ** 2 / expected
  }, 0)
  const possible = counts.filter(({ share }) => share > 0).length
  const pValue = possible > 1 ? chiSquareUpperTail(chiSquare, possible - 1) : 1
  return { pValue, asIntended: pValue >= leastSampleRatioPValue }
}

function onlyExperiment(events: readonly ExperimentEvent[]): string {
  const names = [...new Set(events.map(({ experiment }) => experiment))]
  const [only] = names
  if (only !== undefined && names.length === 1) return only
  if (only === undefined) throw invalid('There are no events to read.')
  throw invalid(`The events are of several experiments: ${names.join(', ')}. Name one.`)
}

function invalid(message: string): SimilarItemsError {
  return new SimilarItemsError('invalid-argument', message)
}
