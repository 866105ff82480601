/** Otherwise the analyzer writes into package.json. */
export default { packagejson: false }
