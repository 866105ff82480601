import { plural } from './plural.js'

/** Everything the elements say in words. A shop overrides any of it with `element.strings = { ... }`. */
export interface ElementStrings {
  /** Heading of the section, unless the `heading` attribute or slot gives one. */
  readonly heading: string
  /** Accessible names of the carousel's buttons. */
  readonly previous: string
  readonly next: string
  /** Accessible name of the progress line. */
  readonly progress: string
  readonly outOfStock: string
  readonly preorder: string
  readonly backorder: string
  /** Read out before the two prices of a reduced product, which are otherwise told apart by their looks alone. */
  readonly salePrice: string
  readonly originalPrice: string
  /** Read out once the list is complete. */
  found(count: number, heading: string): string

  /** The entry of the photo search, and the title of its panel. */
  readonly photoSearch: string
  readonly close: string
  readonly back: string

  readonly takePhoto: string
  readonly choosePicture: string
  /** Where there is a mouse, below the two buttons. */
  readonly dropOrPaste: string
  readonly dropHere: string
  /** Where the photo stays in the page. */
  readonly privacy: string
  /** The same where its vector is sent to an engine on the shop's server: that is a summary of the photo. */
  readonly privacyOfVector: string
  /** The same where it is ranked in cells: which part of the catalogue is loaded says about what kind of thing it shows. */
  readonly privacyOfCells: string
  readonly samplePhotos: string
  readonly recentPhotos: string
  /** Accessible name of a recent photo, counted from 1, the newest first. */
  recentPhoto(position: number): string

  readonly cameraStarting: string
  readonly shutter: string
  readonly switchCamera: string
  readonly cameraApp: string
  readonly cameraRefused: string
  readonly cameraMissing: string
  readonly cameraBusy: string
  readonly cameraInsecure: string

  readonly yourPhoto: string
  readonly searchArea: string
  readonly searchAreaHelp: string
  readonly cornerTopLeft: string
  readonly cornerTopRight: string
  readonly cornerBottomLeft: string
  readonly cornerBottomRight: string
  /** Where the frame is, read out when it moves. All four are percentages of the picture, already formatted. */
  areaValue(left: string, top: string, width: string, height: string): string
  readonly wholePicture: string
  readonly newPhoto: string

  readonly loadingModel: string
  /** How much of the download is there, both already formatted: `3 MB`, `12 MB`. */
  loadedBytes(loaded: string, total: string): string
  readonly cancel: string
  readonly loadingStopped: string
  readonly continueLoading: string

  readonly verySimilar: string
  readonly similar: string
  readonly somewhatSimilar: string
  /** On a button below each product; its accessible name adds the title. */
  readonly moreLikeThis: string
  similarTo(title: string): string
  readonly backToPhoto: string
  readonly showMore: string
  photoResults(count: number): string

  readonly filters: string
  readonly category: string
  readonly allCategories: string
  /** With the currency, e.g. `EUR`. */
  priceFrom(currency: string): string
  priceTo(currency: string): string
  readonly inStockOnly: string
  readonly clearFilters: string

  readonly onlyDistant: string
  readonly noneNear: string
  readonly noneWithFilters: string
  readonly tipFrame: string
  readonly tipLight: string
  readonly tipWhole: string

  readonly notPicture: string
  readonly undecodable: string
  readonly heic: string
  readonly tooLarge: string
  readonly unreachable: string
  /** The browser cannot encode pictures, whatever the shopper does. */
  readonly cannotSearch: string
  readonly searchFailed: string
  readonly tryAgain: string
}

/** The words that are one text. */
export type PlainWord = {
  [Name in keyof ElementStrings]: ElementStrings[Name] extends string ? Name : never
}[keyof ElementStrings]

const products = plural('en', { one: '# product', other: '# products' })

export const english: ElementStrings = {
  heading: 'Similar items',
  previous: 'Previous',
  next: 'Next',
  progress: 'Finding similar items',
  outOfStock: 'Out of stock',
  preorder: 'Pre-order',
  backorder: 'Back-order',
  salePrice: 'Sale price:',
  originalPrice: 'Original price:',
  found: (count, heading) => `${heading}: ${products(count)}`,

  photoSearch: 'Search with a photo',
  close: 'Close',
  back: 'Back',
  takePhoto: 'Take a photo',
  choosePicture: 'Choose a picture',
  dropOrPaste: 'You can also drop a picture here, or paste one.',
  dropHere: 'Drop the picture here',
  privacy: 'Your photo stays on this device.',
  privacyOfVector:
    'Your photo stays on this device. To search, a summary of it in numbers is sent to this shop; some of what it shows can be guessed from that.',
  privacyOfCells:
    'Your photo stays on this device. To search, the page loads the part of the catalogue that fits it; so this shop can tell roughly what kind of product you are looking for.',
  samplePhotos: 'Or try one of these',
  recentPhotos: 'Your photos of this visit',
  recentPhoto: (position) => `Photo ${position}`,
  cameraStarting: 'Starting the camera',
  shutter: 'Take the photo',
  switchCamera: 'Switch camera',
  cameraApp: 'Use the camera app',
  cameraRefused:
    'This site may not use the camera. Allow it in the browser’s site settings, or choose a picture instead.',
  cameraMissing: 'No camera was found. Choose a picture instead.',
  cameraBusy: 'The camera does not answer; another program may be using it. Choose a picture instead.',
  cameraInsecure: 'The camera works on secure (https) pages only. Choose a picture instead.',
  yourPhoto: 'Your photo',
  searchArea: 'Search area',
  searchAreaHelp: 'Arrow keys move it, Shift and arrow keys change its size.',
  cornerTopLeft: 'Top left corner of the search area',
  cornerTopRight: 'Top right corner of the search area',
  cornerBottomLeft: 'Bottom left corner of the search area',
  cornerBottomRight: 'Bottom right corner of the search area',
  areaValue: (left, top, width, height) =>
    `${left} from the left, ${top} from the top, ${width} wide, ${height} high`,
  wholePicture: 'Whole picture',
  newPhoto: 'New photo',
  loadingModel: 'Getting the photo search ready',
  loadedBytes: (loaded, total) => `${loaded} of ${total}`,
  cancel: 'Cancel',
  loadingStopped: 'The download was stopped.',
  continueLoading: 'Continue',
  verySimilar: 'Very similar',
  similar: 'Similar',
  somewhatSimilar: 'Somewhat similar',
  moreLikeThis: 'More like this',
  similarTo: (title) => `Similar to ${title}`,
  backToPhoto: 'Back to your photo',
  showMore: 'Show more',
  photoResults: (count) => `${products(count)} found`,
  filters: 'Filters',
  category: 'Category',
  allCategories: 'All categories',
  priceFrom: (currency) => `From (${currency})`,
  priceTo: (currency) => `To (${currency})`,
  inStockOnly: 'In stock only',
  clearFilters: 'Clear filters',
  onlyDistant: 'Nothing comes very close. These are the nearest.',
  noneNear: 'Nothing here looks like this.',
  noneWithFilters: 'With these filters, nothing here looks like this.',
  tipFrame: 'Put the frame around one thing only.',
  tipLight: 'Take the photo in good light, before a plain background.',
  tipWhole: 'Show the whole thing, from the front.',
  notPicture: 'This is not a picture. Choose a photo, for example a JPEG or PNG file.',
  undecodable: 'This picture cannot be opened; the file may be damaged. Choose another one.',
  heic: 'This browser cannot open HEIC photos. Save it as JPEG, or use Safari.',
  tooLarge: 'This picture is too large for this device. Choose a smaller one.',
  unreachable: 'The picture could not be loaded. Save it on this device, then choose it here.',
  cannotSearch: 'This browser cannot search with photos. A strict protection mode may be the reason.',
  searchFailed: 'The search did not work. Check your connection and try again.',
  tryAgain: 'Try again',
}
