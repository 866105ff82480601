/** A failure that is not for ever: of a server that has trouble, or of what is between. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure'
  readonly isTriedAgain: boolean

  constructor(
    message: string,
    { cause, isTriedAgain = true }: { cause?: unknown; isTriedAgain?: boolean } = {},
  ) {
    super(message, { cause })
    this.isTriedAgain = isTriedAgain
  }
}

/** Whether a status is of a server that may answer otherwise in a moment. */
export function isPassingStatus(status: number): boolean {
  return passingStatuses.has(status) || status >= 500
}

/** Request Timeout, Misdirected Request, Too Early, Too Many Requests. */
const passingStatuses: ReadonlySet<number> = new Set([408, 421, 425, 429])

/** How often and when `p-retry` tries again; milliseconds. */
export const retryPauses = { minTimeout: 500, maxTimeout: 10_000, randomize: true } as const
