'use client'

import { useState } from 'react'
import { SimilarItems } from 'similar-items/react'

export function Similar({ sku }: { sku: string }) {
  const [chosen, setChosen] = useState('')
  return (
    <>
      <SimilarItems
        catalog="/catalog.json"
        item={sku}
        limit={8}
        loading="eager"
        onSelect={(event) => {
          event.preventDefault()
          setChosen(event.product.title)
        }}
      >
        <a href="/chairs">All chairs</a>
      </SimilarItems>
      <output>{chosen}</output>
    </>
  )
}
