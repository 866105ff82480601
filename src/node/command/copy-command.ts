import { copyPackage } from '../files/copy-package.js'
import { packageVersion } from '../package-folder.js'
import type { Command } from './command.js'
import { fileSize } from './file-size.js'
import { elementTag, siteAddress } from './page-tags.js'

export const copyCommand: Command = {
  usage: 'DIR',
  summary:
    'Copies what pages load into a folder of your site, in place of an older copy, and prints the tags.',
  help: `DIR is a folder of its own below what your site serves, such as public/similar-items: scripts, worker, ONNX Runtime
and model go there. Run it again after every update of the package, best as a "prebuild" script.`,
  arity: 1,
  options: {},
  async run(given, terminal) {
    const folder = given.positionals[0] as string
    const { files, bytes } = await copyPackage(folder)
    const address = siteAddress(folder)
    terminal.out.write(`similar-items ${packageVersion()}: ${files} files, ${fileSize(bytes)}, in ${folder}

Without a bundler, where ${folder} is served as ${address}:
  <script type="module" src="${address}define.js"></script>
  ${elementTag({ catalog: '/catalog.json', item: 'ID' })}

With a bundler:
  import { setAssetsPath } from 'similar-items/define'
  setAssetsPath('${address}')
`)
    return 0
  },
}
