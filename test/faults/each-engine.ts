/**
 * Marks the cases that run in Firefox and WebKit too, in every run: those in which engines differ. `FAULTS=all` runs all
 * cases there.
 */
export const eachEngine = '@each-engine'
