import { create } from '../dom.js'
import { askDatabase, asksDatabase } from './asking.js'

/** "Ask a database": whether lists come from one. `onChange` is called after each change. */
export function databaseSwitch(onChange: () => void): HTMLElement {
  const input = create('input', { type: 'checkbox', role: 'switch' })
  input.checked = asksDatabase()
  input.addEventListener('change', () => {
    askDatabase(input.checked)
    onChange()
  })
  return create('label', { class: 'panel-switch' }, input, 'Ask a database')
}
