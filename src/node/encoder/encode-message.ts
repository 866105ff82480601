import type { ErrorCode } from '../../errors.js'
import type { Space } from '../../types.js'

/** What is sent to an encoding thread: the bytes of an image file, or the question how long one picture takes. */
export type EncodeRequest =
  | { readonly type: 'encode'; readonly request: number; readonly file: Uint8Array; readonly name: string }
  | { readonly type: 'time'; readonly request: number }

/** What an encoding thread says; `request` is null where it could not start. */
export type EncodeReply =
  | { readonly type: 'opened'; readonly space: Space; readonly modelFile: string }
  | { readonly type: 'encoded'; readonly request: number; readonly vector: Float32Array }
  | { readonly type: 'timed'; readonly request: number; readonly milliseconds: number }
  | {
      readonly type: 'failed'
      readonly request: number | null
      readonly code: ErrorCode
      readonly message: string
      readonly subject: string | null
    }
