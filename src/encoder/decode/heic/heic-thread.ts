import type { HeicDecoderModule } from './decoder-module.js'
import { decodeToSrgb, NoDecoderError, type SrgbPixels } from './srgb-pixels.js'

/** What the thread of a decoder is asked, once. */
export interface HeicRequest {
  /** Absolute URL of the decoder's module. */
  readonly decoder: string
  readonly file: Uint8Array<ArrayBuffer>
  readonly enoughPixels: number
  readonly opaque: boolean
}

/** What it says: that the module is there, and how it ended. */
export type HeicReply =
  | { readonly type: 'loaded' }
  | { readonly type: 'decoded'; readonly pixels: SrgbPixels }
  /** `isModule`: another photo would fail as well. */
  | { readonly type: 'failed'; readonly isModule: boolean; readonly reason: string }

/**
 * Decodes one picture in a thread of its own: what a decoder in WebAssembly holds is freed with its thread alone, and one
 * that hangs can be ended with it.
 * @param port to whoever sent the request.
 */
export async function decodeForPort(request: HeicRequest, port: MessagePort): Promise<void> {
  // It never aborts: whoever does not wait any more ends the thread.
  const { signal } = new AbortController()
  const reply = (message: HeicReply, transfer: Transferable[] = []) => port.postMessage(message, transfer)
  let isLoaded = false
  const fail = (error: unknown) => {
    const isModule = !isLoaded || error instanceof NoDecoderError || isForbidden(error)
    reply({ type: 'failed', isModule, reason: textOf(error) })
  }
  // Decoders compiled from C leave errors to nobody.
  addEventListener('unhandledrejection', ({ reason }) => fail(reason))
  addEventListener('error', ({ message }) => fail(message))
  try {
    const module = await importModule(request.decoder)
    reply({ type: 'loaded' })
    isLoaded = true
    const pixels = await decodeToSrgb(module, request.file, { ...request, signal })
    reply({ type: 'decoded', pixels }, [pixels.data.buffer])
  } catch (error) {
    fail(error)
  }
}

/** A policy that does not let WebAssembly be compiled: what is compiled from C says so in words of its own. */
function isForbidden(error: unknown): boolean {
  return /CompileError|unsafe-eval|Content Security Policy/.test(String(error))
}

function textOf(error: unknown): string {
  return error instanceof NoDecoderError ? error.message : String(error)
}

function importModule(href: string): Promise<Partial<HeicDecoderModule>> {
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ href)
}
