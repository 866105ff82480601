import { Component, signal } from '@angular/core'
import { Similar } from './similar'

@Component({
  selector: 'app-product',
  imports: [Similar],
  template: `
    <h1>Chair</h1>
    <app-similar [sku]="sku()" (chosen)="chosen.set($event.title)" />
    <output>{{ chosen() }}</output>
  `,
})
export class Product {
  readonly sku = signal('sku-01')
  readonly chosen = signal('')
}
