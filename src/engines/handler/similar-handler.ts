import { abortable } from '../../abortable.js'
import { Deadline } from '../../deadline.js'
import { SimilarItemsError } from '../../errors.js'
import { emptyEngine } from '../memory-engine.js'
import { answerQuestion } from './answer-question.js'
import { defaultLimits, type HandlerOptions } from './handler-options.js'
import { readJson } from './read-json.js'
import { assertDeclarable, readAddress, readBody } from './read-question.js'
import { cacheable, isExpected, problem, uncacheable } from './responses.js'

/**
 * Answers pages that have `engine="URL"`: `GET ?item=ID` is a list that caches may keep, `GET ?describe` says what the
 * engine answers from, and `POST` takes a vector of its space, or items with weights. It sends no CORS headers, follows
 * no address from outside, and knows no filter that is not declared. Runs wherever `Request` and `Response` exist.
 *
 * A client that leaves ends its query, as does an answer that takes longer than `limits.time`.
 * @throws SimilarItemsError `invalid-argument` for a filter that is called like something else of a request.
 */
export function similarHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const limits = { ...defaultLimits, ...options.limits }
  const { allow, onError } = options
  assertDeclarable(options.filters ?? {})
  const cacheControl =
    options.cacheControl ?? (allow ? 'private, max-age=60' : 'public, max-age=60, stale-while-revalidate=600')
  return async (request) => {
    const deadline = new Deadline(request.signal, limits.time)
    const { signal } = deadline
    try {
      const verdict = allow ? await abortable(Promise.resolve(allow(request)), signal) : true
      // It may be given again.
      if (verdict instanceof Response) return verdict.clone()
      if (!verdict) throw new SimilarItemsError('request-refused', 'This request is not answered.')
      return await respond(request, signal)
    } catch (error) {
      if (request.signal.aborted) return problem(request.signal.reason, 499)
      if (deadline.isOver) return problem(timedOut(limits.time))
      if (!isExpected(error)) void tell(error, request)
      return problem(error)
    } finally {
      deadline.clear()
    }
  }

  /** A log that fails takes no answer with it, and no server. */
  async function tell(error: unknown, request: Request): Promise<void> {
    try {
      await onError?.(error, request)
    } catch (cause) {
      console.error('onError of similarHandler failed', cause)
    }
  }

  async function respond(request: Request, signal: AbortSignal): Promise<Response> {
    const reading = { filters: options.filters ?? {}, limits }
    const { method } = request
    if (method === 'GET' || method === 'HEAD') {
      const { searchParams } = new URL(request.url)
      const value = searchParams.has('describe')
        ? await describe(signal)
        : await abortable(answerQuestion(readAddress(searchParams, reading), options, signal), signal)
      const response = cacheable(request, value, cacheControl)
      return method === 'HEAD' ? new Response(null, response) : response
    }
    if (method === 'POST') {
      const body = await abortable(readJson(request, limits.body), signal)
      if ('refuse' in body) {
        const message = `A question is JSON of up to ${limits.body} bytes, and says so in its content-type.`
        return problem(new SimilarItemsError('request-refused', message), body.refuse)
      }
      return uncacheable(
        await abortable(answerQuestion(readBody(body.value, reading), options, signal), signal),
      )
    }
    const message = `${method} is not answered; GET and POST are.`
    return problem(new SimilarItemsError('request-refused', message), 405, { allow: 'GET, HEAD, POST' })
  }

  async function describe(signal: AbortSignal) {
    const description = await abortable(options.engine.describe(signal), signal)
    if (!description) throw emptyEngine()
    const { filters = {}, projection = null } = options
    return { ...description, projection, filters: Object.keys(filters) }
  }
}

function timedOut(milliseconds: number): SimilarItemsError {
  return new SimilarItemsError('engine-timeout', `The engine did not answer within ${milliseconds} ms.`)
}
