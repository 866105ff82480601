import 'similar-items/define'

document.querySelector('similar-items')?.addEventListener('si-select', ({ product, position }) => {
  console.log(product.title.toUpperCase(), position.toFixed())
})
