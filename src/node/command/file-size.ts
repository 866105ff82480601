/** Bytes as people read them: `3.6 kB`, `25.4 MB`. */
export function fileSize(bytes: number): string {
  return bytes < 999_950 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
