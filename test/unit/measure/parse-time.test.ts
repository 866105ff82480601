import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTime } from '../../../src/measure/parse-time.js'

const eight = Date.UTC(2026, 10, 20, 8)
const midnight = Date.UTC(2026, 10, 20)

test.each<[unknown, number, number]>([
  ['2026-11-20', midnight, 86_400_000],
  ['20261120', midnight, 86_400_000],
  [20261120, midnight, 86_400_000],
  ['2026-11-20 08:00', eight, 60_000],
  ['2026-11-20T08:00+01:00', eight - 3_600_000, 60_000],
  ['2026-11-20 08:00:00', eight, 1000],
  [' 2026-11-20t08:00:00z ', eight, 1000],
  ['2026-11-20 08:00:00 UTC', eight, 1000],
  ['2026-11-20 08:00:00+00', eight, 1000],
  ['20261120T080000Z', eight, 1000],
  ['2026-11-20T08:00:00-0330', eight + 12_600_000, 1000],
  ['2026-11-20T08:00:00.123456Z', eight + 123, 1],
  ['2026-11-20 08:00:00,5', eight + 500, 1],
  ['2024-02-29', Date.UTC(2024, 1, 29), 86_400_000],
  [eight / 1000, eight, 1000],
  [`${eight / 1000}`, eight, 1000],
  [`${eight / 1000}.123`, eight + 123, 1],
  [eight + 7, eight + 7, 1],
  [` ${eight} `, eight, 1],
  [`${eight}123`, eight, 1],
  [eight * 1000 + 123, eight, 1],
  [`${eight}123456`, eight, 1],
])('%j is read, with how long it lasts', (written, first, lasts) => {
  expect(parseTime(written)).toEqual({ first, last: first + lasts - 1 })
})

test.each([
  ...['sku-12', 'item 5', 'yesterday 3', '1/2', '11/12/2026', '13/12/2026', '20.11.2026', 'Nov 20, 2026'],
  ...['-5', '5', '2026', '45981.33', '1.7636E+12', '0x19', '202611200800', '20261120080000', ''],
  ...['2026-02-30', '2026-13-01', '2026-11-00', '20261301', '2026-11-20T24:00', '2026-11-20T08:60'],
  ...['2026-11-20T08:00:00+25:00', '2026-1120', '0026-11-20', '2026-11-20 8:00', 'T08:00', '2026-11'],
  ...[5, -5, 0, 2026, 1e30, Number.NaN, true, null, undefined, [eight], { time: eight }],
])('%j is no time', (written) => {
  expect(parseTime(written)).toBeNull()
})

test('every time from 1980 to 2100 is read back in every way of writing it, whatever the zone of the machine', () => {
  const time = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2100, 11) })
  fc.assert(
    fc.property(time, (milliseconds) => {
      const iso = new Date(milliseconds).toISOString()
      const seconds = Math.floor(milliseconds / 1000)
      const exact = [iso, iso.replace('T', ' ').slice(0, -1), milliseconds, String(milliseconds)]
      for (const written of [...exact, `${milliseconds}000`, `${milliseconds}000000`, milliseconds / 1000])
        expect(parseTime(written)?.first).toBe(milliseconds)
      const whole = { first: seconds * 1000, last: seconds * 1000 + 999 }
      for (const written of [seconds, String(seconds), iso.slice(0, 19)])
        expect(parseTime(written)).toEqual(whole)
    }),
  )
})
