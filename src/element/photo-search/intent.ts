/** A pointer that only passes over the entry has not come for it. */
const dwellMilliseconds = 120

/**
 * Calls `onIntent` when somebody reaches for `target`: the pointer stays over it, or it takes the focus.
 */
export function watchIntent(target: HTMLElement, onIntent: () => void, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const leave = () => clearTimeout(timer)
  const enter = () => {
    leave()
    timer = setTimeout(onIntent, dwellMilliseconds)
  }
  target.addEventListener('pointerenter', enter, { signal })
  target.addEventListener('pointerleave', leave, { signal })
  target.addEventListener('focusin', onIntent, { signal })
  signal.addEventListener('abort', leave, { once: true })
}

/** Shoppers who asked their browser to save data: what they might want is not worth its bytes to them. */
export function savesData(): boolean {
  const { connection } = navigator as Navigator & { readonly connection?: { readonly saveData?: boolean } }
  return connection?.saveData === true
}
