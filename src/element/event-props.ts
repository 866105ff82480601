/** The events of `<similar-items>`, by the names of the props that hear of them in components. */
export const eventTypes = {
  onResults: 'si-results',
  onSelect: 'si-select',
  onImpression: 'si-impression',
  onExposure: 'si-exposure',
  onProgress: 'si-progress',
  onError: 'si-error',
} as const
