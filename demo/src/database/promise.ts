import { asksDatabase } from './asking.js'

/** What is sent, in a sentence that is true at the moment. */
export function promise(): string {
  return asksDatabase()
    ? 'Ids of products, and of photos a summary in numbers, are sent to the server of this demo: you have chosen to ask its database.'
    : 'Nothing about you or your pictures is sent anywhere.'
}
