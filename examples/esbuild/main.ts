import { setAssetsPath } from 'similar-items/define'

setAssetsPath('/similar-items/')
document.querySelector('similar-items')?.addEventListener('si-select', ({ product, position }) => {
  console.log(product.title.toUpperCase(), position.toFixed())
})
