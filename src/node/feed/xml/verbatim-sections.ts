/** A section of XML in which an `&` is itself, or the text around all of these. */
export interface Section {
  /** The end of the section, and the begins of those that may be in it. */
  readonly marks: RegExp
  /** By how they begin; what is none of these is the end. */
  readonly inner: ReadonlyMap<string, Section>
  /** What a text that is cut within a mark may end with. */
  readonly begunMarks: ReadonlySet<string>
}

const cdata = section(']]>')
const comment = section('-->')
const instruction = section('?>')
const doubleQuoted = section('"')
const singleQuoted = section("'")
const quotes = { '"': doubleQuoted, "'": singleQuoted }
const declarations = section(']', { ...quotes, '<!--': comment, '<?': instruction })
const doctype = section('>', { ...quotes, '[': declarations })

export const outside: Section = section(null, {
  '<![CDATA[': cdata,
  '<!--': comment,
  '<?': instruction,
  '<!DOCTYPE': doctype,
})

function section(end: string | null, inner: Readonly<Record<string, Section>> = {}): Section {
  const marks = [...(end === null ? [] : [end]), ...Object.keys(inner)]
  const begun = marks.flatMap((mark) =>
    Array.from({ length: mark.length - 1 }, (_, at) => mark.slice(0, at + 1)),
  )
  return {
    marks: new RegExp(marks.map((mark) => mark.replace(/[[\]?]/g, '\\$&')).join('|'), 'g'),
    inner: new Map(Object.entries(inner)),
    begunMarks: new Set(begun),
  }
}
