import { copyFileSync } from 'node:fs'

for (const file of ['index.html', 'catalog.json']) copyFileSync(file, `dist/${file}`)
