import { Component, CUSTOM_ELEMENTS_SCHEMA, input, output } from '@angular/core'
import type { Product, SiSelectEvent } from 'similar-items'

@Component({
  selector: 'app-similar',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <similar-items catalog="/catalog.json" [item]="sku()" [limit]="8" (si-select)="choose($event)">
      <a href="/chairs">All chairs</a>
    </similar-items>
  `,
})
export class Similar {
  readonly sku = input.required<string>()
  readonly chosen = output<Product>()

  choose(event: SiSelectEvent) {
    event.preventDefault()
    this.chosen.emit(event.product)
  }
}
