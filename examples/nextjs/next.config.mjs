/** Static pages, rendered on the server while building. */
export default { output: 'export' }
