import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ExperimentReading } from '../../../../src/measure/experiment/read-experiment.js'
import { hostile } from '../indexing/made-catalogue.js'
import { scratchFolder } from '../scratch.js'
import { isBuilt, runCommand, startCommand } from './command-process.js'

const folder = scratchFolder()

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** One list per visitor; of the first so many of each variant a click, and of the first so many a conversion. */
function eventRows(variant: string, visitors: number, clicks: number, conversions: number): string[] {
  return Array.from({ length: visitors }, (_, index) => {
    const row = (type: string) => `heart,${variant},${variant}${index},${type}`
    return [
      row('exposure'),
      ...(index < clicks ? [row('click')] : []),
      ...(index < conversions ? [row('conversion')] : []),
    ]
  }).flat()
}

const header = 'experiment,variant,visitor,type'
const table = (...rows: string[]) => `${[header, ...rows].join('\n')}\n`
/** The visitors of the Physicians' Health Study (New England Journal of Medicine 318, 1988), as if they shopped. */
const study = [...eventRows('aspirin', 1104, 104, 10), ...eventRows('placebo', 1103, 189, 19)]
const events = file('events.csv', table(...study))

describe('similar-items experiment', () => {
  test('prints both rates per variant, and the check of the sample ratio', async () => {
    const { code, stdout, stderr } = await runCommand('experiment', events)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^aspirin +1104 +9\.42 %$/m)
    expect(stdout).toMatch(/^placebo +1103 +17\.14 % +\+81\.9 % +\+45\.\d % to \+127\.\d % +< 0\.001$/m)
    expect(stdout).toContain('divided as intended (p-value 0.983)')
    expect(stdout).not.toContain('To find a lift')
  })

  test('a variant without any click is compared too', async () => {
    const path = file('nothing.csv', table(...eventRows('a', 2000, 200, 0), ...eventRows('b', 2000, 0, 0)))
    const { stdout } = await runCommand('experiment', path)
    expect(stdout).toMatch(/^b +2000 +0\.00 % +-100\.0 % +-100\.0 % to -98\.2 % +< 0\.001$/m)
  })

  test('--json, and --control', async () => {
    const { stdout } = await runCommand('experiment', events, '--json', '--control', 'placebo')
    const reading = JSON.parse(stdout) as ExperimentReading
    expect(reading).toMatchObject({ experiment: 'heart', control: 'placebo', sampleSize: null })
    expect(reading.variants[0]?.clickThrough.againstControl?.lift).toBeCloseTo(
      (1103 * 104) / (1104 * 189) - 1,
      12,
    )
  })

  test('--lift tells how many visitors it takes, by the rates of the control', async () => {
    const { stdout } = await runCommand('experiment', events, '--lift', '0.14', '--power', '0.9')
    const [, click, conversion, smallest] =
      /takes (\d+) visitors per variant for click-through, (\d+) for conversion\. The smallest variant has (\d+)/.exec(
        stdout,
      ) ?? []
    // 2 (1.96 + 1.2816)^2 (1 - p) / (p 0.14^2), for p = 104 / 1104 and 10 / 1104.
    expect(Math.abs(Number(click) / 10_308 - 1)).toBeLessThan(0.01)
    expect(Math.abs(Number(conversion) / 117_300 - 1)).toBeLessThan(0.01)
    expect(smallest).toBe('1103')
  })

  test('before there are events: --base-rate and --lift', async () => {
    const planning = ['experiment', '--base-rate', '0.1', '--lift', '0.14']
    const { code, stdout } = await runCommand(...planning)
    expect(code).toBe(0)
    expect(stdout).toBe(
      'To find a lift of +14.0 % in 80 % of experiments, and one where there is none in 5 %, it takes 7652 visitors ' +
        'per variant (from 10 % to 11.4 %). Read the result once, when they are there.\n',
    )
    const { stdout: json } = await runCommand(...planning, '--json', '--power', '0.9')
    expect(JSON.parse(json)).toMatchObject({
      baseRate: 0.1,
      lift: 0.14,
      power: 0.9,
      visitorsPerVariant: 10_243,
    })
    expect((await runCommand('experiment', '--base-rate', '0.3', '--lift=-0.1')).code).toBe(0)
  })

  test('--shares: visitors need not be divided equally', async () => {
    const path = file('nine.csv', table(...eventRows('a', 900, 90, 0), ...eventRows('b', 100, 12, 0)))
    expect((await runCommand('experiment', path)).stdout).toContain('NOT divided as intended')
    const { stdout } = await runCommand('experiment', path, '--shares', 'a=9,b=1')
    expect(stdout).toContain('are divided as intended (p-value 1.000)')
  })

  test('--html: one page in which names are text', async () => {
    const names = `"${hostile.replaceAll('"', '""')}"`
    const rows = study.map((row) =>
      row.replace(/^heart,aspirin/, `${names},${names}`).replace(/^heart/, names),
    )
    const html = join(folder, 'report.html')
    const { code } = await runCommand('experiment', file('hostile.csv', table(...rows)), '--html', html)
    expect(code).toBe(0)
    const page = readFileSync(html, 'utf8')
    expect(page).not.toMatch(/<img|<script|https?:/)
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;')
    expect(page).toContain("default-src 'none'")
    expect(page.match(/class="plot"/g)).toHaveLength(2)
  })

  const row = (...cells: string[]) => table(cells.join(','))
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['no events', 'none.csv', `${header}\n`, /has no records/],
    [
      'a missing column',
      'column.csv',
      'experiment,variant,type\na,b,click\n',
      /record 1 of .* needs a text as "visitor"/,
    ],
    [
      'an unknown type',
      'type.csv',
      row('a', 'b', 'c', 'view'),
      /type "view", which is none of exposure, click/,
    ],
    ['clicks only', 'clicks.csv', row('a', 'b', 'c', 'click'), /no list of experiment "a" that was shown/],
    ['two experiments', 'two.csv', table('a,b,c,exposure', 'd,b,c,exposure'), /several experiments: a, d/],
    ['Latin-1', 'latin.csv', Buffer.from(row('a', 'grün', 'c', 'click'), 'latin1'), /neither UTF-8/],
    ['another kind of file', 'feed.jsonl', '{"id":"a"}', /record 1 of .*feed\.jsonl needs a text as "type"/],
  ])('%s: exit 2 and a sentence', async (_, name, content, message) => {
    const { code, stdout, stderr } = await runCommand('experiment', file(name, content))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test.each<[string, string[], RegExp]>([
    ['nothing to read or plan', [], /Give a file of events to read, or --base-rate and --lift/],
    ['a rate without a lift', ['--base-rate', '0.1'], /--base-rate and --lift/],
    ['a rate beside events', [events, '--base-rate', '0.1', '--lift', '0.1'], /the events have a rate/],
    ['a rate of 0', ['--base-rate', '0', '--lift', '0.1'], /does not compare two rates between 0 and 1/],
    [
      'a rate that is none',
      ['--base-rate', 'ten', '--lift', '0.1'],
      /--base-rate takes a number from 0 to 1/,
    ],
    ['a lift beyond 100 %', ['--base-rate', '0.6', '--lift', '0.9'], /between 0 and 1/],
    ['no lift', ['--base-rate', '0.6', '--lift', '0'], /no difference to find/],
    ['a huge lift', ['--base-rate', '0.6', '--lift', '1e400'], /--lift takes a number/],
    ['a power of 1', ['--base-rate', '0.1', '--lift', '0.1', '--power', '1'], /--power takes a number/],
    ['a power without a lift', [events, '--power', '0.9'], /need --lift/],
    ['an unknown control', [events, '--control', 'x'], /"x" is none of aspirin, placebo/],
    ['an unknown experiment', [events, '--experiment', 'x'], /no list of experiment "x"/],
    ['shares of others', [events, '--shares', 'a=1,b=1'], /"aspirin" is none of a, b/],
    ['shares that are none', [events, '--shares', 'a:1'], /--shares takes NAME=NUMBER/],
    ['two files', [events, events], /Usage: similar-items experiment \[EVENTS\]/],
  ])('%s: exit 2', async (_, argv, message) => {
    const { code, stderr } = await runCommand('experiment', ...argv)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) })
  })
})

test.skipIf(!isBuilt)('the same as a process', async () => {
  const { code, stdout, stderr } = await startCommand(['experiment', events]).ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toBe((await runCommand('experiment', events)).stdout)
})
