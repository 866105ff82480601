import { create } from '../dom.js'
import { gridLink } from '../route.js'

/** A page that says what went wrong and offers the way back. */
export function problemView(title: string, reason: string): HTMLElement[] {
  return [
    create(
      'section',
      { class: 'hero' },
      create('h1', {}, title),
      create('p', { class: 'lead' }, reason),
      create('p', {}, create('a', { class: 'button', href: gridLink('photos') }, 'To the front page')),
    ),
  ]
}
