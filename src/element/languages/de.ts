import { plural } from '../words/plural.js'
import type { ElementStrings } from '../words/strings.js'

const products = plural('de', { one: '# Produkt', other: '# Produkte' })

export const strings: ElementStrings = {
  heading: 'Ähnliche Artikel',
  previous: 'Zurück',
  next: 'Weiter',
  progress: 'Ähnliche Artikel werden gesucht',
  outOfStock: 'Ausverkauft',
  preorder: 'Vorbestellbar',
  backorder: 'Nachbestellt',
  salePrice: 'Angebotspreis:',
  originalPrice: 'Ursprünglicher Preis:',
  found: (count, heading) => `${heading}: ${products(count)}`,

  photoSearch: 'Mit einem Foto suchen',
  close: 'Schließen',
  back: 'Zurück',
  takePhoto: 'Foto aufnehmen',
  choosePicture: 'Bild auswählen',
  dropOrPaste: 'Sie können ein Bild auch hierher ziehen oder einfügen.',
  dropHere: 'Bild hier ablegen',
  privacy: 'Ihr Foto bleibt auf diesem Gerät.',
  privacyOfVector:
    'Ihr Foto bleibt auf diesem Gerät. Für die Suche geht eine kurze Beschreibung davon in Zahlen an diesen Shop; manches auf dem Foto lässt sich daraus erraten.',
  privacyOfCells:
    'Ihr Foto bleibt auf diesem Gerät. Für die Suche lädt die Seite den Teil des Katalogs, der dazu passt; daran kann dieser Shop ungefähr erkennen, welche Art von Produkt Sie suchen.',
  samplePhotos: 'Oder probieren Sie eines von diesen',
  recentPhotos: 'Ihre Fotos dieses Besuchs',
  recentPhoto: (position) => `Foto ${position}`,
  cameraStarting: 'Kamera wird gestartet',
  shutter: 'Foto aufnehmen',
  switchCamera: 'Kamera wechseln',
  cameraApp: 'Kamera-App verwenden',
  cameraRefused:
    'Diese Website darf die Kamera nicht verwenden. Erlauben Sie es in den Website-Einstellungen des Browsers, oder wählen Sie stattdessen ein Bild aus.',
  cameraMissing: 'Es wurde keine Kamera gefunden. Wählen Sie stattdessen ein Bild aus.',
  cameraBusy:
    'Die Kamera antwortet nicht; vielleicht verwendet sie ein anderes Programm. Wählen Sie stattdessen ein Bild aus.',
  cameraInsecure:
    'Die Kamera funktioniert nur auf sicheren Seiten (https). Wählen Sie stattdessen ein Bild aus.',
  yourPhoto: 'Ihr Foto',
  searchArea: 'Suchbereich',
  searchAreaHelp: 'Die Pfeiltasten bewegen ihn, Umschalt und Pfeiltasten ändern seine Größe.',
  cornerTopLeft: 'Obere linke Ecke des Suchbereichs',
  cornerTopRight: 'Obere rechte Ecke des Suchbereichs',
  cornerBottomLeft: 'Untere linke Ecke des Suchbereichs',
  cornerBottomRight: 'Untere rechte Ecke des Suchbereichs',
  areaValue: (left, top, width, height) =>
    `${left} von links, ${top} von oben, ${width} breit, ${height} hoch`,
  wholePicture: 'Ganzes Bild',
  newPhoto: 'Neues Foto',
  loadingModel: 'Die Fotosuche wird vorbereitet',
  loadedBytes: (loaded, total) => `${loaded} von ${total}`,
  cancel: 'Abbrechen',
  loadingStopped: 'Der Download wurde angehalten.',
  continueLoading: 'Fortsetzen',
  verySimilar: 'Sehr ähnlich',
  similar: 'Ähnlich',
  somewhatSimilar: 'Entfernt ähnlich',
  moreLikeThis: 'Mehr davon',
  similarTo: (title) => `Ähnlich wie ${title}`,
  backToPhoto: 'Zurück zu Ihrem Foto',
  showMore: 'Mehr anzeigen',
  photoResults: (count) => `${products(count)} gefunden`,
  filters: 'Filter',
  category: 'Kategorie',
  allCategories: 'Alle Kategorien',
  priceFrom: (currency) => `Von (${currency})`,
  priceTo: (currency) => `Bis (${currency})`,
  inStockOnly: 'Nur verfügbare',
  clearFilters: 'Filter löschen',
  onlyDistant: 'Nichts kommt sehr nahe. Das hier am ehesten.',
  noneNear: 'Hier sieht nichts so aus.',
  noneWithFilters: 'Mit diesen Filtern sieht hier nichts so aus.',
  tipFrame: 'Legen Sie den Rahmen um nur einen Gegenstand.',
  tipLight: 'Fotografieren Sie bei gutem Licht vor einem ruhigen Hintergrund.',
  tipWhole: 'Zeigen Sie den ganzen Gegenstand, von vorn.',
  notPicture: 'Das ist kein Bild. Wählen Sie ein Foto, zum Beispiel eine JPEG- oder PNG-Datei.',
  undecodable:
    'Dieses Bild lässt sich nicht öffnen; vielleicht ist die Datei beschädigt. Wählen Sie ein anderes.',
  heic: 'Dieser Browser kann keine HEIC-Fotos öffnen. Speichern Sie es als JPEG, oder verwenden Sie Safari.',
  tooLarge: 'Dieses Bild ist zu groß für dieses Gerät. Wählen Sie ein kleineres.',
  unreachable:
    'Das Bild konnte nicht geladen werden. Speichern Sie es auf diesem Gerät und wählen Sie es dann hier aus.',
  cannotSearch:
    'Dieser Browser kann nicht mit Fotos suchen. Vielleicht liegt es an einem strengen Schutzmodus.',
  searchFailed:
    'Die Suche hat nicht funktioniert. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  tryAgain: 'Noch einmal versuchen',
}
