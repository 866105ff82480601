import type {} from 'similar-items'

// An address in a variable: Parcel leaves it to the browser.
const define = '/similar-items/define.js'
import(define)

document.querySelector('similar-items')?.addEventListener('si-select', ({ product, position }) => {
  console.log(product.title.toUpperCase(), position.toFixed())
})
