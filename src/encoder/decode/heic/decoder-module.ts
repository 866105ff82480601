/** What the module of a shop's HEIC decoder exports. */
export interface HeicDecoderModule {
  /**
   * The primary picture of a HEIC file, upright: turned and mirrored as the file's `irot` and `imir` say, and not by its
   * EXIF metadata. Its colours stay in the colour space that the file names.
   * @param file the whole file.
   * @param options `maxPixels`: files whose picture has more are to be refused before they are decoded. `signal` is
   * aborted when nobody waits any more; the worker that this runs in then ends.
   */
  decode(
    file: Uint8Array,
    options: { readonly maxPixels: number; readonly signal: AbortSignal },
  ): Promise<HeicPixels> | HeicPixels
}

/** Rows of RGBA without gaps, 8 bits a channel, the colours not multiplied with alpha. */
export interface HeicPixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}
