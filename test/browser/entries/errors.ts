export * from '../../../src/errors.js'
