/** What shops call the choice of a colour and of a size. */
const colorName =
  /^(colou?rs?|farben?|couleurs?|colore|kleur(en)?|barva|farba|kolor|cor|cores|färg|farve|väri|цвет|колір|renk|颜色|顏色|カラー|色|색상)$/i
const sizeName =
  /^(sizes?|größen?|tailles?|talla|taglia|maat|maten|velikost|veľkosť|rozmiar|tamanho|storlek|størrelse|koko|размер|розмір|beden|尺码|尺寸|サイズ|사이즈)$/i

/** Of the options of a variant, such as `Farbe: rot`, those that Merchant has attributes for. */
export function colorAndSize(options: Iterable<readonly [name: string, value: string]>): {
  color: string | undefined
  size: string | undefined
} {
  let color: string | undefined
  let size: string | undefined
  for (const [name, value] of options) {
    if (value.trim() === '') continue
    if (colorName.test(name.trim())) color ??= value.trim()
    else if (sizeName.test(name.trim())) size ??= value.trim()
  }
  return { color, size }
}
