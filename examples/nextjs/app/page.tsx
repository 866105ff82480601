import { Similar } from './similar'

export default function Page() {
  return (
    <main>
      <h1>Chair</h1>
      <Similar sku="sku-01" />
    </main>
  )
}
